package io.millrace.state.tier;

import java.nio.ByteBuffer;
import org.rocksdb.AbstractRocksIterator;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/** The entries of one run's file, or of all runs that lie beside it, in order. One thread; blocks. */
abstract class RunEntries implements AutoCloseable {
    private final AbstractRocksIterator<?> iterator;

    private RunEntries(AbstractRocksIterator<?> iterator) {
        this.iterator = iterator;
    }

    /** By way of the database and its cache: for single entries of a run without an index. */
    static RunEntries of(RocksIterator iterator) {
        return new RunEntries(iterator) {
            @Override
            int key(ByteBuffer to) {
                return iterator.key(to);
            }

            @Override
            int value(ByteBuffer to) {
                return iterator.value(to);
            }
        };
    }

    /** Of a file alone, read ahead: for all of it. */
    static RunEntries of(SstFileReader file, SstFileReaderIterator iterator) {
        return new RunEntries(iterator) {
            @Override
            int key(ByteBuffer to) {
                return iterator.key(to);
            }

            @Override
            int value(ByteBuffer to) {
                return iterator.value(to);
            }

            @Override
            public void close() {
                super.close();
                file.close();
            }
        };
    }

    final void seek(ByteBuffer key) {
        iterator.seek(key);
    }

    final void next() {
        iterator.next();
    }

    final boolean isValid() {
        return iterator.isValid();
    }

    final void status() throws RocksDBException {
        iterator.status();
    }

    /** Copies the key; returns its length. */
    abstract int key(ByteBuffer to);

    /** Copies what there is room for of the value; returns its length. */
    abstract int value(ByteBuffer to);

    @Override
    public void close() {
        iterator.close();
    }
}
