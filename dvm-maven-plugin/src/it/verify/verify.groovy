
String log = new File(basedir, "build.log").text
assert log.contains("dvm: verified 1 classes")
assert log.contains("it/broken/Broken.pop()V")
assert log.contains("dvm: verification found 1 errors in 1 classes; the findings are above")
// Nothing is changed.
assert new File(basedir, "app/target/classes/it/app/Main.class").bytes ==
    new java.util.zip.ZipFile(new File(basedir, "app/target/app-1.jar")).withCloseable {
        it.getInputStream(it.getEntry("it/app/Main.class")).bytes
    }
