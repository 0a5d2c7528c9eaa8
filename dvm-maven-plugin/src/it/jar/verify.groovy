
def say(File... classPath) {
    def java = new File(System.getProperty("java.home"), "bin/java").path
    def process = [java, "-Xverify:all", "-cp", classPath*.path.join(File.pathSeparator), "it.app.Main"].execute()
    return process.text.trim()
}

String log = new File(basedir, "build.log").text
assert log.contains("dvm: 1 classes, 1 changed, 0 added, 0 findings")
assert !log.contains("marked twice")
assert say(new File(basedir, "app/target/app-1.jar")) == "marked=true"
// The classes directory is as the compiler left it.
assert say(new File(basedir, "app/target/classes")) == "marked=false"
