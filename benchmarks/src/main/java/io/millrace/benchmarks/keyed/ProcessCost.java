package io.millrace.benchmarks.keyed;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process took since it began. CPU time is that of all its threads, of native libraries too and of those that
 * ended.
 *
 * @param writtenBytes that it had the system write to storage, as Linux counts them; 0 where it does not
 * @param readBytes that the system fetched from storage for it
 */
public record ProcessCost(long cpuNanos, long wallNanos, long writtenBytes, long readBytes) {
    public static ProcessCost now() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new ProcessCost(
                system.getProcessCpuTime(),
                System.nanoTime(),
                field("/proc/self/io", "write_bytes:"),
                field("/proc/self/io", "read_bytes:"));
    }

    public ProcessCost since(ProcessCost start) {
        return new ProcessCost(
                cpuNanos - start.cpuNanos,
                wallNanos - start.wallNanos,
                writtenBytes - start.writtenBytes,
                readBytes - start.readBytes);
    }

    /** The most memory that it ever held, files of the system's cache not counted; 0 where that is not known. */
    public static long peakResidentBytes() {
        return field("/proc/self/status", "VmHWM:") << 10;
    }

    private static long field(String file, String name) {
        try (var lines = Files.lines(Path.of(file), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.substring(name.length()).replace("kB", "").strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
