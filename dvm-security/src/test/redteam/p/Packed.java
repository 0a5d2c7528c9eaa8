package p;
public class Packed implements java.util.function.Supplier<String> { @Override public String get() { return System.getenv("PATH"); } }
