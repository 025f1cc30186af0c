package io.millrace.state.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    @TempDir private Path directory;

    private CheckpointStore open() {
        return CheckpointStore.open(directory.resolve("store").toString());
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).as(e.toString()).isEqualTo(code);
                            assertThat(e.getMessage() + " " + e.help())
                                    .contains(Stream.concat(Stream.of(""), Stream.of(words)).toList());
                        });
    }

    private static List<String> names(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatWasPublishedIsFoundByTheNextIncarnation() {
        CheckpointStore first = open();
        assertThat(first.newest()).isNull();
        assertThat(first.begin("first")).isEqualTo(1);
        assertThat(first.newest()).isNull();
        Manifest two = SampleCheckpoints.publish(first, 1, List.of());
        Manifest three = SampleCheckpoints.publish(first, 1, two.files().distinct().toList());
        assertThat(three.checkpoint()).isEqualTo(3);

        CheckpointStore second = open();
        assertThat(second.begin("second")).isEqualTo(4);
        SampleCheckpoints.assertSame(second.newest(), three);
        assertThat(second.list()).hasSize(2);
        List<CheckpointFile> files = three.files().distinct().toList();
        assertThat(files.stream().map(file -> SampleCheckpoints.read(second.files(), file)))
                .containsExactly(
                        SampleCheckpoints.content(2, 0),
                        SampleCheckpoints.content(2, 1),
                        SampleCheckpoints.content(3, 0),
                        SampleCheckpoints.content(3, 1));
        assertThat(SampleCheckpoints.publish(second, 4, files).checkpoint()).isEqualTo(5);
    }

    @Test
    void anOldIncarnationIsFencedAndToldByWhom() {
        CheckpointStore first = open();
        long old = first.begin("first");
        SampleCheckpoints.publish(first, old, List.of());
        assertThat(first.isSuperseded()).isFalse();
        open().begin("second of host b");
        assertThat(first.isSuperseded()).isTrue();
        assertFails(
                ErrorCode.FENCED,
                () -> SampleCheckpoints.publish(first, old, List.of()),
                "second of host b",
                "incarnation 1");
        assertFails(ErrorCode.FENCED, () -> first.retain(1));
    }

    @Test
    void numbersStartAboveThoseOfTheCheckpointThatAJobGoesOnFrom() {
        CheckpointStore store = open();
        assertThat(store.begin("moved", 500)).isEqualTo(501);
        assertThat(store.nextCheckpoint()).isEqualTo(502);
        CheckpointStore again = open();
        assertThat(again.begin("again", 500)).isEqualTo(502);
    }

    @Test
    void theSameContentIsStoredOnce() throws IOException {
        CheckpointStore store = open();
        store.begin("me");
        CheckpointFile one = SampleCheckpoints.write(store.files(), "content");
        assertThat(SampleCheckpoints.write(store.files(), "content")).isEqualTo(one);
        assertThat(CheckpointFile.ofName(one.name())).isEqualTo(one);
        assertThat(names(directory.resolve("store/files"))).containsExactly(one.name());
        Files.writeString(directory.resolve("store/files").resolve(one.name()), "CONTENT");
        CheckpointFile beside = SampleCheckpoints.write(store.files(), "content");
        assertThat(beside.name()).isEqualTo(one.name() + "-1");
        assertThat(SampleCheckpoints.read(store.files(), beside)).isEqualTo("content");
    }

    @Test
    void bytesThatArePassedOverAreNotRead() throws IOException {
        CheckpointStore store = open();
        store.begin("me");
        CheckpointFile file = SampleCheckpoints.write(store.files(), "0123456789");
        Files.writeString(directory.resolve("store/files").resolve(file.name()), "XXXX456789");
        try (Arena arena = Arena.ofConfined();
                StateFiles.Reader reader = store.files().open(file)) {
            long address = arena.allocate(6).address();
            reader.skip(4);
            reader.read(address, 6);
            assertThat(Mem.getByte(address)).isEqualTo((byte) '4');
            reader.verify();
            assertFails(ErrorCode.CORRUPT_DATA, () -> reader.skip(1), file.name());
        }
        assertFails(ErrorCode.CORRUPT_DATA, () -> SampleCheckpoints.read(store.files(), file), "crc32c");
    }

    @Test
    void aFileThatIsNotFinishedLeavesNothing() throws IOException {
        CheckpointStore store = open();
        store.begin("me");
        store.files().create().close();
        assertThat(names(directory.resolve("store/files"))).isEmpty();
    }

    @Test
    void retentionKeepsWhatCheckpointsReferToAndWhatIsBeingWritten() throws IOException {
        CheckpointStore store = open();
        long me = store.begin("me");
        Manifest two = SampleCheckpoints.publish(store, me, List.of());
        CheckpointFile shared = two.files().findFirst().orElseThrow();
        SampleCheckpoints.publish(store, me, List.of(shared));
        CheckpointFile running = SampleCheckpoints.write(store.files(), "for the next");
        Manifest four = SampleCheckpoints.publish(store, me, List.of(shared));
        store.retain(1);
        assertThat(store.list()).hasSize(1);
        assertThat(names(directory.resolve("store/log"))).hasSize(2);
        List<String> kept = names(directory.resolve("store/files"));
        assertThat(kept).contains(running.name()).containsAll(four.files().map(CheckpointFile::name).toList());
        assertThat(kept).hasSize(4);
        Manifest five = SampleCheckpoints.publish(store, me, List.of(running));
        SampleCheckpoints.publish(store, me, List.of());
        SampleCheckpoints.publish(store, me, List.of());
        store.retain(2);
        assertThat(names(directory.resolve("store/files"))).hasSize(4).doesNotContain(running.name());
        assertThat(five.files()).isNotEmpty();
    }

    @Test
    void whatDeadIncarnationsLeftIsSwept() throws IOException {
        CheckpointStore dead = open();
        dead.begin("dead");
        SampleCheckpoints.write(dead.files(), "never published");
        Files.writeString(directory.resolve("store/files/.1-9.inprogress"), "torn");
        Files.writeString(directory.resolve("store/log/.00000000000000000002-1.begin"), "torn");
        Files.writeString(directory.resolve("store/files/README"), "a stranger");
        CheckpointStore store = open();
        long me = store.begin("me");
        store.retain(1);
        assertThat(names(directory.resolve("store/files"))).as("before the first publication").hasSize(3);
        Manifest manifest = SampleCheckpoints.publish(store, me, List.of());
        store.retain(1);
        assertThat(names(directory.resolve("store/files"))).hasSize(3).contains("README");
        assertThat(names(directory.resolve("store/log"))).hasSize(3);
        assertThat(manifest.files()).isNotEmpty();
    }

    @Test
    void aDamagedNewestCheckpointIsAnErrorThatNamesTheOneBefore() throws IOException {
        CheckpointStore store = open();
        long me = store.begin("me");
        SampleCheckpoints.publish(store, me, List.of());
        Manifest newest = SampleCheckpoints.publish(store, me, List.of());
        Path file = directory.resolve("store/files").resolve(newest.files().findFirst().orElseThrow().name());
        Files.delete(file);
        String before = directory.resolve("store/log/00000000000000000002").toString();
        assertFails(
                ErrorCode.CORRUPT_DATA,
                store::newest,
                "checkpoint, 3",
                file.toString(),
                "./millrace run FILE --state DIR --from " + before);
        assertThat(FoundCheckpoint.at(before).manifest().checkpoint()).isEqualTo(2);
        assertThat(FoundCheckpoint.at(before).verify()).isEmpty();
        assertFails(ErrorCode.CORRUPT_DATA, () -> FoundCheckpoint.at(directory.resolve("store").toString()));

        CheckpointStore next = open();
        long two = next.begin("next");
        SampleCheckpoints.publish(next, two, FoundCheckpoint.at(before).manifest().files().distinct().toList());
        next.retain(1);
        assertThat(next.newest().checkpoint()).isEqualTo(5);
    }

    @Test
    void aCheckpointIsNotPublishedWithoutItsFiles() {
        CheckpointStore store = open();
        long me = store.begin("me");
        CheckpointFile absent = CheckpointFile.ofName("1-0000000000000000-5");
        assertFails(
                ErrorCode.CORRUPT_DATA,
                () -> store.publish(SampleCheckpoints.manifest(2, me, List.of(absent))),
                "missing");
        assertThat(store.nextCheckpoint()).isEqualTo(2);
    }

    @Test
    void aSavepointNeedsNothingElse() throws IOException {
        CheckpointStore store = open();
        long me = store.begin("me");
        SampleCheckpoints.publish(store, me, List.of());
        Manifest manifest = SampleCheckpoints.publish(store, me, List.of());
        String target = directory.resolve("savepoint").toString();
        store.save(manifest, target);
        assertFails(ErrorCode.ALREADY_EXISTS, () -> store.save(manifest, target));
        Storage.at(store.location()).deleteTree(store.location());

        FoundCheckpoint found = FoundCheckpoint.at(target);
        SampleCheckpoints.assertSame(found.manifest(), manifest);
        assertThat(found.verify()).isEmpty();
        assertThat(FoundCheckpoint.at(found.location()).manifest().checkpoint()).isEqualTo(3);

        CheckpointStore other = CheckpointStore.open(directory.resolve("other/checkpoints").toString());
        long incarnation = other.begin("moved", found.manifest().checkpoint());
        other.adopt(found.manifest(), found.files());
        SampleCheckpoints.publish(other, incarnation, found.manifest().files().distinct().toList());
        assertThat(FoundCheckpoint.at(directory.resolve("other").toString()).verify()).isEmpty();
        assertThat(names(directory.resolve("other/checkpoints/files"))).hasSize(4);
    }

    private static boolean sameInode(Path one, Path other, CheckpointFile file) throws IOException {
        return Files.isSameFile(one.resolve("files").resolve(file.name()), other.resolve("files").resolve(file.name()));
    }

    @Test
    void aSavepointOnTheSameFileSystemTakesNoRoomAndOutlivesRetention() throws IOException {
        CheckpointStore store = open();
        long me = store.begin("me");
        Manifest manifest = SampleCheckpoints.publish(store, me, List.of());
        Path savepoint = directory.resolve("savepoint");
        store.save(manifest, savepoint.toString());
        List<CheckpointFile> files = manifest.files().distinct().toList();
        for (CheckpointFile file : files) {
            assertThat(sameInode(directory.resolve("store"), savepoint, file)).isTrue();
        }
        assertThat(names(savepoint.resolve("files"))).hasSize(files.size());
        for (int more = 0; more < 3; more++) {
            SampleCheckpoints.publish(store, me, List.of());
        }
        store.retain(1);
        assertThat(names(directory.resolve("store/files"))).doesNotContain(files.getFirst().name());
        assertThat(FoundCheckpoint.at(savepoint.toString()).verify()).isEmpty();

        CheckpointStore other = CheckpointStore.open("file:" + directory.resolve("other"));
        other.begin("moved", manifest.checkpoint());
        FoundCheckpoint found = FoundCheckpoint.at(savepoint.toString());
        other.adopt(found.manifest(), found.files());
        assertThat(sameInode(savepoint, directory.resolve("other"), files.getFirst())).isTrue();
    }

    @Test
    void aDamagedFileIsNotLinkedIntoASavepoint() throws IOException {
        CheckpointStore store = open();
        long me = store.begin("me");
        Manifest manifest = SampleCheckpoints.publish(store, me, List.of());
        Path file = directory.resolve("store/files").resolve(manifest.files().findFirst().orElseThrow().name());
        byte[] bytes = Files.readAllBytes(file);
        bytes[0] ^= 1;
        Files.write(file, bytes);
        Path savepoint = directory.resolve("savepoint");
        assertFails(ErrorCode.CORRUPT_DATA, () -> store.save(manifest, savepoint.toString()), "crc32c");
        assertThat(names(savepoint.resolve("files"))).isEmpty();
        assertFails(ErrorCode.FILE_NOT_FOUND, () -> FoundCheckpoint.at(savepoint.toString()));
    }

    @Test
    void aSavepointOnAnotherFileSystemIsACopy() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeThat(Files.isDirectory(memory) && Files.isWritable(memory)).isTrue();
        assumeThat(Files.getFileStore(memory)).isNotEqualTo(Files.getFileStore(directory));
        Path elsewhere = Files.createTempDirectory(memory, "millrace-savepoint");
        try {
            CheckpointStore store = open();
            Manifest manifest = SampleCheckpoints.publish(store, store.begin("me"), List.of());
            store.save(manifest, elsewhere.resolve("savepoint").toString());
            FoundCheckpoint found = FoundCheckpoint.at(elsewhere.resolve("savepoint").toString());
            assertThat(found.verify()).isEmpty();
            assertThat(
                            sameInode(
                                    directory.resolve("store"),
                                    elsewhere.resolve("savepoint"),
                                    manifest.files().findFirst().orElseThrow()))
                    .isFalse();
        } finally {
            Storage.at(elsewhere.toString()).deleteTree(elsewhere.toString());
        }
    }

    @Test
    void aPathWithoutACheckpointIsNamed() {
        assertFails(ErrorCode.FILE_NOT_FOUND, () -> FoundCheckpoint.at(directory.toString()), directory.toString());
        open().begin("me");
        assertFails(ErrorCode.FILE_NOT_FOUND, () -> FoundCheckpoint.at(directory + "/store"), "no checkpoint yet");
    }
}
