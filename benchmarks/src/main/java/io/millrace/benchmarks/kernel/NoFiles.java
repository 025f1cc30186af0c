package io.millrace.benchmarks.kernel;

import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.StateFiles;

/** Files that are not written, so that the rest can be measured. */
final class NoFiles implements StateFiles {
    private long files;

    @Override
    public Writer create() {
        String name = "file-" + ++files;
        return new Writer() {
            private long lengthBytes;

            @Override
            public void write(long address, int bytes) {
                lengthBytes += bytes;
            }

            @Override
            public long lengthBytes() {
                return lengthBytes;
            }

            @Override
            public CheckpointFile finish() {
                return new CheckpointFile(name, lengthBytes, 0);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Reader open(CheckpointFile file) {
        throw new UnsupportedOperationException("files that were not written");
    }
}
