package io.millrace.it.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.SampleCheckpoints;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints on HDFS are what they are on local disk. */
class HdfsStoreIT {
    private static MiniDFSCluster cluster;
    private static DistributedFileSystem files;

    @BeforeAll
    static void start(@TempDir java.nio.file.Path directory) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
        files = cluster.getFileSystem();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    private static List<String> names(String directory) throws IOException {
        return Arrays.stream(files.listStatus(new Path(directory))).map(f -> f.getPath().getName()).sorted().toList();
    }

    @Test
    void publishesFencesRetainsAndSaves() throws IOException {
        String location = files.getUri() + "/job/checkpoints";
        CheckpointStore first = CheckpointStore.open(location);
        long old = first.begin("first");
        Manifest two = SampleCheckpoints.publish(first, old, List.of());
        List<CheckpointFile> kept = two.files().distinct().toList();
        assertThat(SampleCheckpoints.write(first.files(), SampleCheckpoints.content(2, 0))).isEqualTo(kept.getFirst());
        Manifest three = SampleCheckpoints.publish(first, old, kept);
        CheckpointFile garbage = SampleCheckpoints.write(first.files(), "garbage");
        try (var torn = files.create(new Path(location, "files/.1-77.inprogress"))) {
            torn.write(1);
        }

        CheckpointStore second = CheckpointStore.open(location);
        long incarnation = second.begin("second");
        SampleCheckpoints.assertSame(second.newest(), three);
        assertThatThrownBy(() -> SampleCheckpoints.publish(first, old, kept))
                .isInstanceOfSatisfying(MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED))
                .hasMessageContaining("second");
        assertThat(second.newest().checkpoint()).isEqualTo(3);

        Manifest five = SampleCheckpoints.publish(second, incarnation, kept.subList(0, 1));
        second.retain(1);
        assertThat(names(location + "/files"))
                .hasSize(3)
                .doesNotContain(garbage.name())
                .containsAll(five.files().map(CheckpointFile::name).toList());
        assertThat(names(location + "/log")).hasSize(3);
        assertThat(FoundCheckpoint.at(files.getUri() + "/job").verify()).isEmpty();

        String savepoint = files.getUri() + "/savepoint/";
        second.save(five, savepoint);
        files.delete(new Path(location), true);
        FoundCheckpoint saved = FoundCheckpoint.at(savepoint);
        SampleCheckpoints.assertSame(saved.manifest(), five);
        assertThat(saved.verify()).isEmpty();
        assertThat(FoundCheckpoint.at(saved.location()).verify()).isEmpty();
    }
}
