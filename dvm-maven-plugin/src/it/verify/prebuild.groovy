// A class whose only method takes from an empty stack; the build packs it as a resource.
def file = new File(basedir, "broken/src/main/resources/it/broken/Broken.class")
file.parentFile.mkdirs()
file.withDataOutputStream { out ->
    out.writeInt(0xCAFEBABE as int)
    out.writeShort(0)
    out.writeShort(61)
    out.writeShort(8)
    ["it/broken/Broken", "java/lang/Object", "pop", "()V", "Code"].each { text ->
        out.writeByte(1)
        out.writeUTF(text)
    }
    [1, 2].each { name ->
        out.writeByte(7)
        out.writeShort(name)
    }
    [0x21, 6, 7, 0, 0].each { out.writeShort(it) } // public, this, super, no interfaces, no fields
    [1, 9, 3, 4, 1, 5].each { out.writeShort(it) } // one method: public static pop()V with its code
    out.writeInt(14)
    [1, 0].each { out.writeShort(it) } // stack, locals
    out.writeInt(2)
    [0x57, 0xB1].each { out.writeByte(it) } // pop, return
    [0, 0, 0].each { out.writeShort(it) } // no handlers, no attributes of code or class
}
return true
