
String log = new File(basedir, "build.log").text
assert log.contains("no such service: nonsense; there are [mark]")
