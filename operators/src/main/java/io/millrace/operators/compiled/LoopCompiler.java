package io.millrace.operators.compiled;

import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.janino.ClassBodyEvaluator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles loops with Janino and keeps the last ones by their source, so that the tasks of one query share a class and
 * a query that comes again finds it. Thread-safe. {@code -Dmillrace.kernels.dump=DIRECTORY} writes each source there.
 */
final class LoopCompiler {
    /** HotSpot compiles no method beyond this many bytes of bytecode. */
    static final int MAX_METHOD_BYTES = 8_000;

    private static final Logger LOG = LoggerFactory.getLogger(LoopCompiler.class);
    private static final int MAX_KEPT = 512;
    private static final String DUMP = System.getProperty("millrace.kernels.dump");
    private static final Map<String, CompiledLoop> KEPT =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, CompiledLoop> eldest) {
                    return size() > MAX_KEPT;
                }
            };

    private LoopCompiler() {}

    /** The loop of a class body, or null for one whose methods would be too long for the JIT. Takes milliseconds. */
    static CompiledLoop compile(String body) {
        synchronized (KEPT) {
            CompiledLoop kept = KEPT.get(body);
            if (kept != null) {
                return kept;
            }
        }
        CompiledLoop compiled = make(body);
        if (compiled != null) {
            synchronized (KEPT) {
                KEPT.put(body, compiled);
            }
        }
        return compiled;
    }

    private static CompiledLoop make(String body) {
        dump(body);
        ClassBodyEvaluator evaluator = new ClassBodyEvaluator();
        evaluator.setParentClassLoader(CompiledLoop.class.getClassLoader());
        evaluator.setClassName("io.millrace.operators.compiled.GeneratedLoop");
        evaluator.setImplementedInterfaces(new Class<?>[] {CompiledLoop.class});
        evaluator.setDefaultImports(
                "io.millrace.memory.buffer.Mem",
                "io.millrace.operators.compiled.Checks",
                "io.millrace.operators.kernel.Target");
        try {
            evaluator.cook(body);
            int longest = 0;
            for (byte[] bytes : evaluator.getBytecodes().values()) {
                longest = Math.max(longest, longestMethodBytes(bytes));
            }
            if (longest > MAX_METHOD_BYTES) {
                LOG.debug("a loop stays interpreted: methodBytes={} limitBytes={}", longest, MAX_METHOD_BYTES);
                return null;
            }
            return (CompiledLoop) evaluator.getClazz().getDeclaredConstructor().newInstance();
        } catch (CompileException | ReflectiveOperationException failure) {
            throw new IllegalStateException(
                    "expected a loop that compiles, found: " + failure.getMessage() + "\n" + body, failure);
        }
    }

    static int longestMethodBytes(byte[] classBytes) {
        ClassModel model = ClassFile.of().parse(classBytes);
        int longest = 0;
        for (MethodModel method : model.methods()) {
            if (method.code().orElse(null) instanceof CodeAttribute code) {
                longest = Math.max(longest, code.codeLength());
            }
        }
        return longest;
    }

    private static void dump(String body) {
        if (DUMP == null) {
            return;
        }
        try {
            Path file = Path.of(DUMP).resolve("loop-" + Integer.toHexString(body.hashCode()) + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, body);
        } catch (IOException failure) {
            throw MillraceException.wrap(failure);
        }
    }
}
