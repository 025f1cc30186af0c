package io.millrace.formats.parquet.writer;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.View;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;

/** Encodes one leaf's values and levels into the pages of one column chunk. One thread. */
final class LeafWriter implements AutoCloseable {
    private final ColumnDescriptor descriptor;
    private final DataType type;
    private final ParquetWriteOptions options;
    private final PageWriter pages;
    private final ValuesWriter values;
    private final ValuesWriter repetition;
    private final ValuesWriter definition;
    private final RunLengthBitPackingHybridEncoder repetitionV2;
    private final RunLengthBitPackingHybridEncoder definitionV2;
    private final int maxDefinition;
    private final int maxRepetition;
    private Statistics<?> statistics;
    private byte[] scratch = new byte[256];
    private int pageValues;
    private int pageNulls;
    private int pageRows;

    LeafWriter(
            ColumnDescriptor descriptor,
            DataType type,
            ParquetWriteOptions options,
            ParquetProperties properties,
            PageWriter pages) {
        this.descriptor = descriptor;
        this.type = type;
        this.options = options;
        this.pages = pages;
        this.maxDefinition = descriptor.getMaxDefinitionLevel();
        this.maxRepetition = descriptor.getMaxRepetitionLevel();
        this.values = properties.newValuesWriter(descriptor);
        boolean v2 = options.version2();
        this.repetition = v2 ? null : properties.newRepetitionLevelWriter(descriptor);
        this.definition = v2 ? null : properties.newDefinitionLevelWriter(descriptor);
        this.repetitionV2 = v2 ? properties.newRepetitionLevelEncoder(descriptor) : null;
        this.definitionV2 = v2 ? properties.newDefinitionLevelEncoder(descriptor) : null;
        this.statistics = Statistics.createStats(descriptor.getPrimitiveType());
    }

    private void levels(int repetitionLevel, int definitionLevel) throws IOException {
        if (options.version2()) {
            if (maxRepetition > 0) {
                repetitionV2.writeInt(repetitionLevel);
            }
            if (maxDefinition > 0) {
                definitionV2.writeInt(definitionLevel);
            }
        } else {
            if (maxRepetition > 0) {
                repetition.writeInteger(repetitionLevel);
            }
            if (maxDefinition > 0) {
                definition.writeInteger(definitionLevel);
            }
        }
        if (repetitionLevel == 0) {
            pageRows++;
        }
        pageValues++;
    }

    /** A value that is not there, because it or something above it is NULL or empty. */
    void writeNull(int repetitionLevel, int definitionLevel) throws IOException {
        levels(repetitionLevel, definitionLevel);
        pageNulls++;
        statistics.incrementNumNulls();
    }

    /** A value that is there. */
    void writeValue(Column column, int row, int repetitionLevel) throws IOException {
        levels(repetitionLevel, maxDefinition);
        put(column.valueColumn(), column.valueIndex(row));
    }

    /** Rows of a column that is this leaf itself, on the top level. */
    void writeRows(Column column, int from, int to) throws IOException {
        for (int row = from; row < to; row++) {
            if (column.isNull(row)) {
                writeNull(0, 0);
            } else {
                writeValue(column, row, 0);
            }
        }
    }

    private void put(Column column, int index) {
        long at = column.valuesAddress() + (long) index * type.layout().widthBytes();
        switch (type.layout()) {
            case BOOL8 -> {
                boolean value = Mem.getByte(at) != 0;
                values.writeBoolean(value);
                statistics.updateStats(value);
            }
            case I8 -> putInt(Mem.getByte(at));
            case I16 -> putInt(Mem.getShort(at));
            case I32 -> putInt(Mem.getInt(at));
            case I64 -> putI64(Mem.getLong(at));
            case F32 -> {
                float value = Mem.getFloat(at);
                values.writeFloat(value);
                statistics.updateStats(value);
            }
            case F64 -> {
                double value = Mem.getDouble(at);
                values.writeDouble(value);
                statistics.updateStats(value);
            }
            case I128 -> putWide(at);
            case NANOS -> putNanos(Mem.getLong(at), Mem.getInt(at + 8));
            case VIEW -> {
                int length = View.length(at);
                if (scratch.length < length) {
                    scratch = new byte[Math.max(length, scratch.length * 2)];
                }
                Mem.copyOut(View.bytesAddress(at, column.dataAddresses()), scratch, 0, length);
                putBytes(length);
            }
            default -> throw MillraceException.internal("no Parquet value for " + type);
        }
    }

    private void putInt(int value) {
        values.writeInteger(value);
        statistics.updateStats(value);
    }

    private void putI64(long value) {
        long written = value;
        if (type.kind() == TypeKind.DECIMAL) {
            if (type.precision() <= 9) {
                putInt(Math.toIntExact(value));
                return;
            }
        } else if (type.precision() <= 3 && type.kind() != TypeKind.BIGINT) {
            written = Math.floorDiv(value, 1_000L);
            if (type.kind() == TypeKind.TIME) {
                putInt((int) written);
                return;
            }
        }
        values.writeLong(written);
        statistics.updateStats(written);
    }

    private void putNanos(long micros, int nanosOfMicro) {
        long nanos;
        try {
            nanos = Math.addExact(Math.multiplyExact(micros, 1_000L), nanosOfMicro);
        } catch (ArithmeticException overflow) {
            throw new MillraceException(
                    ErrorCode.DATA_EXCEPTION,
                    "a "
                            + type
                            + " of "
                            + micros
                            + " microseconds lies out of the range of Parquet's nanoseconds (1677 to"
                            + " 2262)");
        }
        values.writeLong(nanos);
        statistics.updateStats(nanos);
    }

    private void putWide(long at) {
        int length = descriptor.getPrimitiveType().getTypeLength();
        long low = Mem.getLong(at);
        long high = Mem.getLong(at + 8);
        for (int i = 0; i < length; i++) {
            int shift = 8 * (length - 1 - i);
            scratch[i] = (byte) (shift < 64 ? low >> shift : high >> shift - 64);
        }
        putBytes(length);
    }

    private void putBytes(int length) {
        Binary value = Binary.fromReusedByteArray(scratch, 0, length);
        values.writeBytes(value);
        statistics.updateStats(value);
    }

    /** Ends the page when it is full. */
    void endRows() throws IOException {
        if (pageRows >= options.pageRows() || values.getBufferedSize() >= options.pageBytes()) {
            flushPage();
        }
    }

    /** Encoded bytes in memory. */
    long heldBytes() {
        return values.getBufferedSize() + pages.getMemSize();
    }

    private void flushPage() throws IOException {
        if (pageValues == 0) {
            return;
        }
        if (options.version2()) {
            BytesInput repetitionBytes = maxRepetition > 0 ? repetitionV2.toBytes() : BytesInput.empty();
            BytesInput definitionBytes = maxDefinition > 0 ? definitionV2.toBytes() : BytesInput.empty();
            // The bytes first: making them may change the encoding.
            BytesInput data = values.getBytes();
            pages.writePageV2(
                    pageRows,
                    pageNulls,
                    pageValues,
                    repetitionBytes,
                    definitionBytes,
                    values.getEncoding(),
                    data,
                    statistics);
            repetitionV2.reset();
            definitionV2.reset();
        } else {
            BytesInput all = BytesInput.concat(repetition.getBytes(), definition.getBytes(), values.getBytes());
            pages.writePage(
                    all,
                    pageValues,
                    pageRows,
                    statistics,
                    repetition.getEncoding(),
                    definition.getEncoding(),
                    values.getEncoding());
            repetition.reset();
            definition.reset();
        }
        values.reset();
        statistics = Statistics.createStats(descriptor.getPrimitiveType());
        pageValues = 0;
        pageNulls = 0;
        pageRows = 0;
    }

    /** Ends the chunk. */
    void finish() throws IOException {
        flushPage();
        DictionaryPage dictionary = values.toDictPageAndClose();
        if (dictionary != null) {
            pages.writeDictionaryPage(dictionary);
            values.resetDictionary();
        }
    }

    @Override
    public void close() {
        values.close();
        if (options.version2()) {
            repetitionV2.close();
            definitionV2.close();
        } else {
            repetition.close();
            definition.close();
        }
    }
}
