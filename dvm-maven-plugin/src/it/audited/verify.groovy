assert new File(basedir, "build.log").text.contains("dvm: 1 classes, 1 changed, 0 added, 0 findings")

def runtime = []
new File(localRepositoryPath, "org/dvm/dvm-runtime").eachFileRecurse {
    if (it.name ==~ /dvm-runtime-[^-]+(-SNAPSHOT)?\.jar/) { runtime << it }
}
assert runtime.size() == 1
def classPath = [new File(basedir, "target/shop-1.jar"), runtime[0]]*.path.join(File.pathSeparator)
def java = new File(System.getProperty("java.home"), "bin/java").path
def process = new ProcessBuilder(java, "-Xverify:all", "-Ddvm.profile.file=calls.json", "-Ddvm.audit.file=audit.jsonl",
        "-cp", classPath, "com.acme.shop.Shop").directory(basedir).redirectErrorStream(true).start()
assert process.text.trim() == "750"

assert new File(basedir, "calls.json").text.contains('{"count":3,"class":"com.acme.shop.Shop","method":"sell"')
assert new File(basedir, "audit.jsonl").readLines().count { it.contains('"sell"') } == 6 // three times in and out
