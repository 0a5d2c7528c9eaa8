package org.dvm.jmh.verification;

import java.util.List;
import java.util.Locale;

/**
 * A chart of bars in groups, as SVG that is readable on light and dark ground.
 *
 * @param name the file's name without ending
 * @param title what stands above
 * @param unit what the values count
 * @param scale how bars grow
 * @param series names of the bars of each group, at most four
 * @param groups names of the groups
 * @param values one for each series, by group; below the scale's start they have no bar
 */
record Chart(
        String name,
        String title,
        String unit,
        Scale scale,
        List<String> series,
        List<String> groups,
        List<double[]> values) {
    /** How bars grow with values. */
    enum Scale {
        LINEAR,
        /** From 1 on. */
        LOGARITHMIC
    }

    private static final String[] COLORS = {"#4878a8", "#d98032", "#5a9e5a", "#9a6fb0"};
    private static final int WIDTH = 760;
    private static final int LEFT = 60;
    private static final int TOP = 70;
    private static final int HEIGHT = 240;
    private static final int BOTTOM = TOP + HEIGHT;

    /** Draws the chart. */
    String toSvg() {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH,
                BOTTOM + 40));
        svg.append("<style>text { fill: #777 } .grid { stroke: #999; stroke-opacity: 0.3 }</style>\n");
        text(svg, LEFT, 18, "start", title, " font-size=\"14\"");
        legend(svg);
        double top = topOfScale();
        for (double tick = scale == Scale.LOGARITHMIC ? 1 : 0; tick <= top * 1.0001; tick = nextTick(tick, top)) {
            double y = y(tick, top);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
                    LEFT,
                    WIDTH - 10,
                    y,
                    y));
            text(svg, LEFT - 6, y + 4, "end", String.format(Locale.ROOT, "%,.0f", tick), "");
        }
        for (int group = 0; group < groups.size(); group++) {
            bars(svg, group, top);
        }
        text(svg, LEFT, BOTTOM + 34, "start", unit, "");
        return svg.append("</svg>\n").toString();
    }

    private void legend(StringBuilder svg) {
        int x = LEFT;
        for (int i = 0; i < series.size(); i++) {
            svg.append(String.format(
                    Locale.ROOT, "<rect x=\"%d\" y=\"34\" width=\"12\" height=\"12\" fill=\"%s\"/>%n", x, COLORS[i]));
            text(svg, x + 18, 44, "start", series.get(i), "");
            x += 40 + 7 * series.get(i).length();
        }
    }

    private void bars(StringBuilder svg, int group, double top) {
        double slot = (double) (WIDTH - 10 - LEFT) / groups.size();
        double width = slot * 0.8 / series.size();
        double left = LEFT + group * slot + slot * 0.1;
        for (int i = 0; i < series.size(); i++) {
            double value = values.get(group)[i];
            double y = y(value, top);
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s, %s: %,.1f</title></rect>%n",
                    left + i * width,
                    y,
                    width - 2,
                    BOTTOM - y,
                    COLORS[i],
                    groups.get(group),
                    series.get(i),
                    value));
            text(
                    svg,
                    left + i * width + width / 2 - 1,
                    y - 4,
                    "middle",
                    String.format(Locale.ROOT, "%,.0f", value),
                    " font-size=\"10\"");
        }
        text(svg, left + slot * 0.4, BOTTOM + 16, "middle", groups.get(group), "");
    }

    private double y(double value, double top) {
        double share = scale == Scale.LINEAR ? value / top : Math.log(Math.max(value, 1)) / Math.log(top);
        return BOTTOM - HEIGHT * Math.max(0, share);
    }

    private double topOfScale() {
        double highest = 1;
        for (double[] each : values) {
            for (double value : each) {
                highest = Math.max(highest, value);
            }
        }
        double power = Math.pow(10, Math.floor(Math.log10(highest)));
        return scale == Scale.LOGARITHMIC ? power * 10 : power * Math.ceil(highest / power);
    }

    private double nextTick(double tick, double top) {
        return scale == Scale.LOGARITHMIC ? tick * 10 : tick + top / 5;
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text, String more) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>%n", x, y, anchor, more, text));
    }
}
