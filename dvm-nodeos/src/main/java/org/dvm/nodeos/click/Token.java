package org.dvm.nodeos.click;

/** A word of the configuration language and where it stands. */
record Token(Kind kind, String text, int offset) {
    enum Kind {
        /** Name of an element or a class; or a keyword. */
        WORD,
        /** {@code $name}; the text is the name without the dollar sign. */
        VARIABLE,
        /** A port number. */
        NUMBER,
        /** The text between balanced parentheses, without them. */
        CONFIGURATION,
        ARROW,
        DOUBLE_ARROW,
        DOUBLE_COLON,
        OPEN_BRACE,
        CLOSE_BRACE,
        OPEN_BRACKET,
        CLOSE_BRACKET,
        CLOSE_PARENTHESIS,
        DASH,
        COMMA,
        SEMICOLON,
        BAR,
        DOUBLE_BAR,
        ELLIPSIS,
        END;

        @Override
        public String toString() {
            return switch (this) {
                case WORD -> "a name";
                case VARIABLE -> "a variable";
                case NUMBER -> "a port number";
                case CONFIGURATION -> "a configuration string";
                case ARROW -> "'->'";
                case DOUBLE_ARROW -> "'=>'";
                case DOUBLE_COLON -> "'::'";
                case OPEN_BRACE -> "'{'";
                case CLOSE_BRACE -> "'}'";
                case OPEN_BRACKET -> "'['";
                case CLOSE_BRACKET -> "']'";
                case CLOSE_PARENTHESIS -> "')'";
                case DASH -> "'-'";
                case COMMA -> "','";
                case SEMICOLON -> "';'";
                case BAR -> "'|'";
                case DOUBLE_BAR -> "'||'";
                case ELLIPSIS -> "'...'";
                case END -> "the end of the text";
            };
        }
    }

    boolean is(Kind kind) {
        return this.kind == kind;
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    /** Returns how the token reads in a message. */
    String shown() {
        return switch (kind) {
            case WORD, NUMBER -> "'" + text + "'";
            case VARIABLE -> "'$" + text + "'";
            case CONFIGURATION -> "'(" + text + ")'";
            default -> kind.toString();
        };
    }
}
