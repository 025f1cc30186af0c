package io.millrace.it.memory;

import io.millrace.engine.memory.ResidentSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The engine as the launcher starts it, with its flags and its environment, on this test's class path: the launcher
 * replaces itself with what it takes for the JDK's {@code java}, and that with the real one. One thread.
 */
final class LaunchedEngine {
    private static final Path SCRIPT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent().resolve("millrace");
    private static final long SAMPLE_MILLIS = 100;

    private final Path directory;

    /**
     * What a run came to.
     *
     * @param bounded what {@code --memory} bounds, at each sample
     */
    record Outcome(int exitCode, String out, String err, List<Long> bounded, ResidentSize greatest) {}

    /** Makes what the launcher needs in an empty directory. */
    LaunchedEngine(Path directory) throws IOException {
        this.directory = directory;
        Files.copy(SCRIPT, directory.resolve("millrace"));
        Files.createDirectories(directory.resolve("lib"));
        Path bin = Files.createDirectories(directory.resolve("jdk/bin"));
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        Path java = bin.resolve("java");
        Files.writeString(
                java,
                """
                #!/usr/bin/env bash
                arguments=()
                while [ $# -gt 0 ]; do
                  arguments+=("$1")
                  if [ "$1" = -cp ]; then arguments+=("$IT_CLASS_PATH"); shift; fi
                  shift
                done
                exec "$IT_JAVA" "${arguments[@]}"
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs a command to its end and looks at it meanwhile. */
    Outcome run(long atMostSeconds, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", directory.resolve("millrace").toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("MILLRACE_JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().put("IT_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("IT_CLASS_PATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            return sample(process, atMostSeconds, out, err);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Outcome sample(Process process, long atMostSeconds, Path out, Path err) throws Exception {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        List<Long> bounded = new ArrayList<>();
        ResidentSize greatest = new ResidentSize(0, 0, 0);
        long most = atMostSeconds * 1_000 / SAMPLE_MILLIS;
        boolean ended = false;
        for (long i = 0; i < most && !ended; i++) {
            ResidentSize now = ResidentSize.of(status);
            if (now.isKnown()) {
                bounded.add(now.boundedBytes());
                greatest = now.boundedBytes() > greatest.boundedBytes() ? now : greatest;
            }
            ended = process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (!ended) {
            throw new AssertionError("goes on after " + atMostSeconds + " s: " + Files.readString(err));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err), bounded, greatest);
    }
}
