package org.dvm.nodeos.click.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.ConfigurationWords;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/**
 * IPFilter and IPClassifier: the first rule that a packet fulfils decides where it goes; those that fulfil none, or have
 * no IP header, are dropped.
 *
 * <p>A rule of IPFilter starts with what to do: {@code allow}, {@code deny} or an output's number. The n-th rule of
 * IPClassifier leads to output n.
 */
final class IpRules extends Element {
    /** Whether rules name their output or have one each. */
    enum Form {
        FILTER,
        CLASSIFIER
    }

    private static final int DROP = -1;
    private static final int MAX_OUTPUT = 255;

    private final Form form;
    private IpExpression[] conditions = {};
    private int[] targets = {};
    private int outputs = 1;
    private long drops;

    IpRules(Form form) {
        this.form = form;
    }

    @Override
    public String className() {
        return form == Form.FILTER ? "IPFilter" : "IPClassifier";
    }

    @Override
    protected String portCount() {
        return "1/" + outputs;
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected void configure(Args args) {
        List<IpExpression> list = new ArrayList<>();
        List<Integer> outs = new ArrayList<>();
        for (String rule : args.all()) {
            String condition = rule;
            int target = list.size();
            if (form == Form.FILTER) {
                List<String> words = ConfigurationWords.of(rule);
                String action = words.isEmpty() ? "" : words.get(0);
                target = args.parse("rule " + (list.size() + 1), action, IpRules::action, DROP);
                condition = rule.substring(action.length()).trim();
            }
            outs.add(target);
            list.add(args.parse(
                    "rule " + (list.size() + 1), condition, IpExpression::parse, IpExpression.parse("none")));
        }
        if (list.isEmpty()) {
            args.error("too few arguments: at least one rule is needed");
        }
        conditions = list.toArray(new IpExpression[0]);
        targets = outs.stream().mapToInt(Integer::intValue).toArray();
        for (int target : targets) {
            outputs = Math.max(outputs, target + 1);
        }
        readHandler("drops", () -> Long.toString(drops));
    }

    private static Integer action(String word) {
        switch (word.toLowerCase(Locale.ROOT)) {
            case "allow":
                return 0;
            case "deny", "drop":
                return DROP;
            default:
                if (!word.matches("[0-9]+")) {
                    throw new IllegalArgumentException(
                            "expected allow, deny or the number of an output, found '" + word + "'");
                }
                return Values.integer(0, MAX_OUTPUT).parse(word);
        }
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        int ip = Ip.header(packet);
        if (ip >= 0) {
            for (int i = 0; i < conditions.length; i++) {
                if (conditions[i].matches(packet, ip)) {
                    if (targets[i] == DROP) {
                        break;
                    }
                    output(targets[i]).push(packet);
                    return;
                }
            }
        }
        drops++;
        packet.release();
    }
}
