package io.millrace.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system says of this process. */
public final class ProcessUsage {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long BYTES_PER_KIB = 1024;

    private ProcessUsage() {}

    /** CPU time of all threads since the start. Slow the first time. */
    public static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /** The greatest resident size so far, or -1 where the system does not tell. */
    public static long peakRssBytes() {
        return statusBytes("VmHWM:");
    }

    /** The resident size now, or -1 where the system does not tell. */
    public static long rssBytes() {
        return statusBytes("VmRSS:");
    }

    private static long statusBytes(String key) {
        try (BufferedReader lines = Files.newBufferedReader(STATUS, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(key)) {
                    String number = line.substring(key.length(), line.length() - " kB".length()).strip();
                    return Long.parseLong(number) * BYTES_PER_KIB;
                }
            }
        } catch (IOException | NumberFormatException elsewhere) {
            return -1;
        }
        return -1;
    }
}
