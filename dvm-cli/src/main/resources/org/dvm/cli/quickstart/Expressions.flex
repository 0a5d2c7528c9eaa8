/* A scanner for a small expression language: comments, strings, numbers, names in any script. */
package demo;

%%

%public
%class Expressions
%unicode
%line
%column
%type Expressions.Token
%function next

%{
  public enum Token { NAME, INTEGER, DECIMAL, STRING, OPERATOR, OPEN, CLOSE, COMMA, KEYWORD }

  private final StringBuilder text = new StringBuilder();

  public String text() { return text.toString(); }
%}

%state STRING, COMMENT

LineEnd    = \r | \n | \r\n
Space      = {LineEnd} | [ \t\f]
Name       = [:jletter:] [:jletterdigit:]*
Digits     = [0-9] ("_"? [0-9])*
Exponent   = [eE] [+-]? {Digits}
Operator   = "+" | "-" | "*" | "/" | "%" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "&&" | "||" | "!" | "?" | ":" | "="

%%

<YYINITIAL> {
  {Space}+                              { /* nothing */ }
  "//" [^\r\n]*                         { /* nothing */ }
  "/*"                                  { yybegin(COMMENT); }
  "let" | "in" | "if" | "then" | "else" { return Token.KEYWORD; }
  "true" | "false" | "null"             { return Token.KEYWORD; }
  {Name}                                { text.setLength(0); text.append(yytext()); return Token.NAME; }
  {Digits}                              { return Token.INTEGER; }
  {Digits} "." {Digits}? {Exponent}?    { return Token.DECIMAL; }
  {Digits} {Exponent}                   { return Token.DECIMAL; }
  "0" [xX] [0-9a-fA-F]+                 { return Token.INTEGER; }
  {Operator}                            { return Token.OPERATOR; }
  "("                                   { return Token.OPEN; }
  ")"                                   { return Token.CLOSE; }
  ","                                   { return Token.COMMA; }
  \"                                    { text.setLength(0); yybegin(STRING); }
}

<STRING> {
  \"                                    { yybegin(YYINITIAL); return Token.STRING; }
  [^\\\"\r\n]+                          { text.append(yytext()); }
  \\ [nrt\\\"]                          { text.append(yycharat(1)); }
}

<COMMENT> {
  "*/"                                  { yybegin(YYINITIAL); }
  [^*]+ | "*"                           { /* nothing */ }
}

[^]                                     { throw new IllegalStateException("line " + yyline + ", column " + yycolumn + ": " + yytext()); }
