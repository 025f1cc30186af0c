package io.millrace.state.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** No damage of any file of a store goes unnoticed. */
class StoreDamageTest {
    private static final long SEED = Long.getLong("test.seed", 20261122L);

    private final MemoryStorage storage = new MemoryStorage();
    private final CheckpointStore store = CheckpointStore.open("/store", storage, Clock.system());

    private void fill() {
        long incarnation = store.begin("me");
        SampleCheckpoints.publish(store, incarnation, List.of());
        SampleCheckpoints.publish(store, incarnation, store.newest().files().distinct().toList());
    }

    /** What {@code checkpoints verify} finds. */
    private List<String> damages() {
        List<String> damages = new ArrayList<>();
        for (LogEntry entry : store.entries()) {
            if (entry.isUsable()) {
                damages.addAll(new FoundCheckpoint(entry.manifest(), entry.location(), store.files()).verify());
            } else {
                assertThat(entry.damage().code()).isEqualTo(ErrorCode.CORRUPT_DATA);
                damages.add(entry.damage().getMessage());
            }
        }
        return damages;
    }

    private void assertNoticed(String name, byte[] bytes, String what) {
        storage.put(name, bytes);
        assertThat(damages()).as(what + " of " + name).isNotEmpty().allMatch(damage -> damage.contains(name));
    }

    @Test
    void aFileTornAtAny64thByteIsNoticed() {
        fill();
        assertThat(damages()).isEmpty();
        for (String name : storage.names()) {
            byte[] whole = storage.get(name);
            for (int length = 0; length < whole.length; length += length + 64 < whole.length ? 64 : 1) {
                assertNoticed(name, Arrays.copyOf(whole, length), "length " + length);
            }
            assertNoticed(name, Arrays.copyOf(whole, whole.length + 1), "a byte more");
            storage.put(name, whole);
        }
        assertThat(damages()).isEmpty();
    }

    @Test
    void aFlippedBitInAnyByteIsNoticed() {
        fill();
        Random random = new Random(SEED);
        for (String name : storage.names()) {
            byte[] whole = storage.get(name);
            for (int i = 0; i < whole.length; i++) {
                byte[] flipped = whole.clone();
                flipped[i] ^= (byte) (1 << random.nextInt(8));
                assertNoticed(name, flipped, "seed=" + SEED + ", a bit in byte " + i);
            }
            storage.put(name, whole);
        }
        assertThat(damages()).isEmpty();
    }

    @Test
    void theOneToGoBackToDoesNotShareTheDamagedFile() {
        long incarnation = store.begin("me");
        Manifest first = SampleCheckpoints.publish(store, incarnation, List.of());
        List<CheckpointFile> shared = first.files().distinct().toList();
        Manifest second = SampleCheckpoints.publish(store, incarnation, List.of());
        Manifest third = SampleCheckpoints.publish(store, incarnation, second.files().distinct().toList());
        MillraceException damage = new MillraceException(ErrorCode.CORRUPT_DATA, "found while restoring");
        assertThat(store.withOneBefore(damage, third.checkpoint()).help())
                .startsWith("Checkpoint " + second.checkpoint() + " before it is whole.");
        damageOf(second.files().filter(file -> !shared.contains(file)).findFirst().orElseThrow());
        assertThat(store.withOneBefore(damage, third.checkpoint()).help())
                .endsWith("--from /store/log/0000000000000000000" + first.checkpoint());
        damageOf(shared.getFirst());
        assertThat(store.withOneBefore(damage, third.checkpoint()).help())
                .isEqualTo("No checkpoint before it in /store is whole.");
    }

    private void damageOf(CheckpointFile file) {
        byte[] bytes = storage.get("/store/files/" + file.name()).clone();
        bytes[bytes.length / 2] ^= 1;
        storage.put("/store/files/" + file.name(), bytes);
    }

    @Test
    void aRecordUnderAnotherNumberIsNoticed() {
        fill();
        storage.put("/store/log/00000000000000000009", storage.get("/store/log/00000000000000000003"));
        assertThat(damages()).singleElement().asString().contains("expected slot 00000000000000000009, found 3");
    }

    private static byte[] withTrailer(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (body + String.format(Locale.ROOT, "crc32c %08x of %09d bytes\n", (int) crc.getValue(), bytes.length))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aLaterVersionIsRefusedNamingBoth() {
        assertThatThrownBy(() -> LogRecordReader.read(withTrailer("millrace-log 7\nwhatever\n"), "/log/1"))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("expected format version 2 or less, found 7");
    }

    @Test
    void aRecordWithAChecksumButNoSenseIsRefused() {
        fill();
        String start = new String(storage.get("/store/log/00000000000000000001"), StandardCharsets.UTF_8);
        String body = start.substring(0, start.lastIndexOf("crc32c"));
        String deep = "[".repeat(100_000);
        for (String bad :
                List.of(
                        body.replace("\"owner\"", "\"OWNER\""),
                        body.replace("\"slot\" : 1", "\"slot\" : -1"),
                        body.replace("\"slot\" : 1", "\"slot\" : 1.5"),
                        body.replace("\"slot\" : 1", "\"slot\" : 99999999999999999999999"),
                        body.replace("\"slot\" : 1", "\"slot\" : 1, \"more\" : 2"),
                        body.replace("\"slot\" : 1", "\"slot\" : " + deep),
                        body.replace("start", "stop"),
                        body.replace("\n}", "\n} {}"),
                        "millrace-log 1\n" + deep,
                        "millrace-log 1\n",
                        "",
                        "millrace-log 1")) {
            assertThat(bad).isNotEqualTo(body);
            assertThatThrownBy(() -> LogRecordReader.read(withTrailer(bad), "/log/1"))
                    .isInstanceOfSatisfying(
                            MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA));
        }
    }

    @Test
    void aNameThatLeavesTheDirectoryIsRefused() {
        for (String name : List.of("../../etc/passwd", "1-0000000000000000-5/..", "", ".1-1.inprogress")) {
            assertThatThrownBy(() -> CheckpointFile.ofName(name)).isInstanceOf(MillraceException.class);
        }
    }
}
