package io.millrace.formats.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeReaderTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 20260731);
    private static final int PADDING_BYTES = 64;
    private static final DateTimeFormatter CLOCK_TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Allocator root = Allocator.root(1 << 20);
    private final Buffer text = root.allocate(MemoryTag.READ, 256);

    @AfterEach
    void leavesNoMemoryBehind() {
        text.release();
        root.close();
    }

    private boolean read(TimeReader reader, String value, boolean instant) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        Mem.fill(text.address(), bytes.length + PADDING_BYTES, (byte) 0);
        Mem.copyIn(bytes, 0, text.address(), bytes.length);
        return reader.readTimestamp(text.address(), bytes.length, instant);
    }

    @Test
    void aRememberedSecondReadsAsAnyOther() {
        SplittableRandom random = new SplittableRandom(SEED);
        TimeReader reader = new TimeReader(ZoneOffset.UTC);
        LocalDateTime second = LocalDateTime.of(2026, 2, 28, 23, 59, 58);
        String[] offsets = {"", "Z", "+02:00", "-0530", "+14"};
        for (int round = 0; round < 10_000; round++) {
            second = second.plusSeconds(random.nextInt(8) == 0 ? random.nextInt(100_000) : 0);
            int digits = random.nextInt(10);
            long unit = (long) Math.pow(10, digits);
            long fraction = random.nextLong(unit);
            String date = second.toLocalDate() + (random.nextBoolean() ? " " : "T");
            String time = second.format(CLOCK_TIME);
            String tail = digits == 0 ? "" : "." + String.valueOf(unit + fraction).substring(1);
            String offset = offsets[random.nextInt(offsets.length)];
            boolean instant = !offset.isEmpty();
            assertThat(read(reader, date + time + tail + offset, instant)).as("seed=" + SEED).isTrue();
            long nanos = digits == 0 ? 0 : fraction * (1_000_000_000L / unit);
            ZoneOffset zone = instant ? ZoneOffset.of(offset) : ZoneOffset.UTC;
            assertThat(reader.micros())
                    .as(date + time + tail + offset + " seed=" + SEED)
                    .isEqualTo(second.toEpochSecond(zone) * 1_000_000 + nanos / 1_000);
            assertThat(reader.nanosOfMicro()).isEqualTo((int) (nanos % 1_000));
        }
    }

    @Test
    void whatFollowsARememberedSecondIsChecked() {
        TimeReader reader = new TimeReader(ZoneOffset.UTC);
        assertThat(read(reader, "2026-07-31 12:00:00.250", false)).isTrue();
        assertThat(read(reader, "2026-07-31 12:00:00.", false)).isFalse();
        assertThat(read(reader, "2026-07-31 12:00:00x", false)).isFalse();
        assertThat(read(reader, "2026-07-31 12:00:00.2505050505", false)).isFalse();
        assertThat(read(reader, "2026-07-31 12:00:00Z", false)).isFalse();
        assertThat(read(reader, "2026-07-31 12:00:00.250", false)).isTrue();
        assertThat(reader.micros()).isEqualTo(1_785_499_200_250_000L);
    }

    @Test
    void zerosAreNoTimestampBeforeAnyWasRead() {
        assertThat(read(new TimeReader(ZoneOffset.UTC), "\0".repeat(19), false)).isFalse();
    }
}
