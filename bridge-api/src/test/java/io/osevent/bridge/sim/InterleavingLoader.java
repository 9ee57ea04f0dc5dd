package io.osevent.bridge.sim;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads the production classes of the core anew, with every synchronized block, volatile access and atomic operation
 * handed to {@link Interleave}. The classes are otherwise what was compiled: the simulation drives them, not a model.
 */
final class InterleavingLoader extends ClassLoader {
    private static final String CORE = "io.osevent.bridge.";
    private static final String TARGET = "io/osevent/bridge/sim/Interleave";
    private static final int API = Opcodes.ASM9;

    InterleavingLoader() {
        super(InterleavingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(CORE)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            boolean ofCore = name.indexOf('.', CORE.length()) < 0;
            byte[] used = ofCore ? rewrite(bytes) : bytes;
            return defineClass(name, used, 0, used.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    private static byte[] rewrite(byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        Set<String> volatiles = new HashSet<>();
        reader.accept(
                new ClassVisitor(API) {
                    @Override
                    public FieldVisitor visitField(int access, String name, String type, String generic, Object value) {
                        if ((access & Opcodes.ACC_VOLATILE) != 0) {
                            volatiles.add(name);
                        }
                        return null;
                    }
                },
                ClassReader.SKIP_CODE);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        reader.accept(new Rewriter(writer, reader.getClassName(), volatiles), ClassReader.EXPAND_FRAMES);
        return writer.toByteArray();
    }

    private static final class Rewriter extends ClassVisitor {
        private final String owner;
        private final Set<String> volatiles;

        Rewriter(ClassVisitor next, String owner, Set<String> volatiles) {
            super(API, next);
            this.owner = owner;
            this.volatiles = volatiles;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String generic, String[] thrown) {
            boolean whole = (access & Opcodes.ACC_SYNCHRONIZED) != 0;
            MethodVisitor next = super.visitMethod(access & ~Opcodes.ACC_SYNCHRONIZED, name, type, generic, thrown);
            MethodVisitor shared = new SharedAccesses(next, owner, volatiles);
            return whole ? new WholeMethod(shared, owner) : shared;
        }
    }

    /** A point before each shared access; monitors and spins replaced. */
    private static final class SharedAccesses extends MethodVisitor {
        private final String owner;
        private final Set<String> volatiles;

        SharedAccesses(MethodVisitor next, String owner, Set<String> volatiles) {
            super(API, next);
            this.owner = owner;
            this.volatiles = volatiles;
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.MONITORENTER) {
                call(this, "enter", "(Ljava/lang/Object;)V");
            } else if (opcode == Opcodes.MONITOREXIT) {
                call(this, "exit", "(Ljava/lang/Object;)V");
            } else {
                super.visitInsn(opcode);
            }
        }

        @Override
        public void visitFieldInsn(int opcode, String fieldOwner, String name, String type) {
            if (fieldOwner.equals(owner) && volatiles.contains(name)) {
                call(this, "point", "()V");
            }
            super.visitFieldInsn(opcode, fieldOwner, name, type);
        }

        @Override
        public void visitMethodInsn(int opcode, String callee, String name, String type, boolean ofInterface) {
            if (callee.equals("java/lang/Thread") && name.equals("onSpinWait")) {
                call(this, "spin", "()V");
                return;
            }
            if (callee.startsWith("java/util/concurrent/atomic/") && opcode == Opcodes.INVOKEVIRTUAL) {
                call(this, "point", "()V");
            }
            super.visitMethodInsn(opcode, callee, name, type, ofInterface);
        }
    }

    /** A synchronized method as a synchronized block. */
    private static final class WholeMethod extends MethodVisitor {
        private final String owner;
        private final Label start = new Label();
        private final Label end = new Label();

        WholeMethod(MethodVisitor next, String owner) {
            super(API, next);
            this.owner = owner;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            onThis("enter");
            visitLabel(start);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                onThis("exit");
            }
            super.visitInsn(opcode);
        }

        @Override
        public void visitMaxs(int stack, int locals) {
            visitLabel(end);
            visitTryCatchBlock(start, end, end, null);
            visitFrame(Opcodes.F_NEW, 1, new Object[] {owner}, 1, new Object[] {"java/lang/Throwable"});
            onThis("exit");
            super.visitInsn(Opcodes.ATHROW);
            super.visitMaxs(stack, locals);
        }

        private void onThis(String hook) {
            super.visitVarInsn(Opcodes.ALOAD, 0);
            call(this, hook, "(Ljava/lang/Object;)V");
        }
    }

    private static void call(MethodVisitor to, String hook, String type) {
        to.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, hook, type, false);
    }
}
