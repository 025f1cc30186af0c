package io.millrace.formats.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** A random file with a column of every flat type, written by parquet-hadoop, and the rows that it holds. */
record FlatFile(
        long seed,
        CompressionCodecName codec,
        WriterVersion version,
        boolean dictionary,
        boolean byteStreamSplit,
        int nullPercent,
        int rowCount) {

    private String schemaText() {
        String opt = nullPercent == 0 ? "required" : "optional";
        return ("message m { REP boolean flag; REP int32 i8 (INTEGER(8,true)); REP int32 i16 (INTEGER(16,true)); REP"
                    + " int32 i32; REP int64 i64; REP int32 u32 (INTEGER(32,false)); REP int64 u64 (INTEGER(64,false));"
                    + " REP float f; REP double d; REP int32 date (DATE); REP int32 tms (TIME(MILLIS,true)); REP int64"
                    + " tus (TIME(MICROS,true)); REP int64 tsms (TIMESTAMP(MILLIS,false)); REP int64 tsus"
                    + " (TIMESTAMP(MICROS,true)); REP int64 tsns (TIMESTAMP(NANOS,false)); REP int96 old; REP int32 d9"
                    + " (DECIMAL(9,2)); REP int64 d18 (DECIMAL(18,3)); REP fixed_len_byte_array(16) d38"
                    + " (DECIMAL(38,10)); REP fixed_len_byte_array(5) d11 (DECIMAL(11,0)); REP binary db"
                    + " (DECIMAL(20,4)); REP binary s (STRING); REP binary longs (STRING); REP binary b; REP"
                    + " fixed_len_byte_array(16) uuid (UUID); REP fixed_len_byte_array(3) fix; REP int64 seq; REP"
                    + " binary few (STRING); }")
                .replace("REP", opt);
    }

    MessageType schema() {
        return MessageTypeParser.parseMessageType(schemaText());
    }

    byte[] write(Path dir) throws Exception {
        return write(dir, true);
    }

    /** With or without the checksum of each page. */
    byte[] write(Path dir, boolean checksums) throws Exception {
        MessageType schema = schema();
        Path path = dir.resolve("flat-" + seed + ".parquet");
        SimpleGroupFactory groups = new SimpleGroupFactory(schema);
        try (ParquetWriter<Group> writer =
                ExampleParquetWriter.builder(new LocalOutputFile(path))
                        .withConf(new PlainParquetConfiguration())
                        .withType(schema)
                        .withCompressionCodec(codec)
                        .withWriterVersion(version)
                        .withDictionaryEncoding(dictionary)
                        .withByteStreamSplitEncoding(byteStreamSplit)
                        .withDictionaryPageSize(20_000)
                        .withPageWriteChecksumEnabled(checksums)
                        .withPageSize(8_000)
                        .withPageRowCountLimit(1_700)
                        .withRowGroupSize(400_000L)
                        .build()) {
            for (List<Object> row : rows()) {
                Group group = groups.newGroup();
                for (int i = 0; i < row.size(); i++) {
                    if (row.get(i) != null) {
                        add(group, i, row.get(i));
                    }
                }
                writer.write(group);
            }
        }
        byte[] bytes = Files.readAllBytes(path);
        Files.delete(path);
        return bytes;
    }

    private void add(Group group, int i, Object value) {
        String name = group.getType().getFieldName(i);
        switch (value) {
            case Boolean v -> group.add(i, v);
            case Byte v -> group.add(i, v.intValue());
            case Short v -> group.add(i, v.intValue());
            case Integer v -> group.add(i, v);
            case Long v -> {
                if (name.equals("u32")) {
                    group.add(i, v.intValue());
                } else {
                    group.add(i, v);
                }
            }
            case Float v -> group.add(i, v);
            case Double v -> group.add(i, v);
            case LocalDate v -> group.add(i, (int) v.toEpochDay());
            case LocalTime v -> {
                if (name.equals("tms")) {
                    group.add(i, (int) (v.toNanoOfDay() / 1_000_000));
                } else {
                    group.add(i, v.toNanoOfDay() / 1_000);
                }
            }
            case LocalDateTime v -> addTime(group, i, name, v.toInstant(ZoneOffset.UTC));
            case Instant v -> addTime(group, i, name, v);
            case BigDecimal v -> addDecimal(group, i, name, v);
            case String v -> group.add(i, Binary.fromString(v));
            case byte[] v -> group.add(i, Binary.fromConstantByteArray(v));
            default -> throw new IllegalArgumentException(value.getClass().getName());
        }
    }

    private static void addTime(Group group, int i, String name, Instant at) {
        switch (name) {
            case "tsms" -> group.add(i, at.toEpochMilli());
            case "tsus" -> group.add(i, at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000);
            case "tsns" -> group.add(i, at.getEpochSecond() * 1_000_000_000 + at.getNano());
            default -> {
                long day = Math.floorDiv(at.getEpochSecond(), 86_400L);
                long nanos = Math.floorMod(at.getEpochSecond(), 86_400L) * 1_000_000_000L + at.getNano();
                group.add(i, new NanoTime((int) (day + 2_440_588), nanos));
            }
        }
    }

    private static void addDecimal(Group group, int i, String name, BigDecimal v) {
        BigInteger unscaled = v.unscaledValue();
        switch (name) {
            case "d9" -> group.add(i, unscaled.intValueExact());
            case "d18", "u64" -> group.add(i, unscaled.longValue());
            case "d38", "d11" -> {
                byte[] bytes = new byte[name.equals("d38") ? 16 : 5];
                byte[] own = unscaled.toByteArray();
                Arrays.fill(bytes, (byte) (unscaled.signum() < 0 ? -1 : 0));
                System.arraycopy(own, 0, bytes, bytes.length - own.length, own.length);
                group.add(i, Binary.fromConstantByteArray(bytes));
            }
            default -> group.add(i, Binary.fromConstantByteArray(unscaled.toByteArray()));
        }
    }

    List<List<Object>> rows() {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Object>> rows = new ArrayList<>();
        for (int r = 0; r < rowCount; r++) {
            List<Object> row = new ArrayList<>();
            for (Object value : values(random, r)) {
                row.add(random.nextInt(100) < nullPercent ? null : value);
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<Object> values(SplittableRandom random, int r) {
        Instant at =
                Instant.ofEpochSecond(random.nextLong(-2_000_000_000L, 2_000_000_000L), random.nextInt(1_000_000_000));
        LocalDateTime local = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        BigInteger wide =
                new BigInteger(60, new java.util.Random(random.nextLong()))
                        .multiply(BigInteger.valueOf(random.nextLong(-1_000_000_000L, 1_000_000_000L)));
        byte[] uuid =
                ByteBuffer.allocate(16).order(ByteOrder.BIG_ENDIAN).putLong(random.nextLong()).putLong(r % 50).array();
        byte[] fix = {(byte) random.nextInt(3), 1, (byte) r};
        return Arrays.asList(
                random.nextInt(10) == 0,
                (byte) random.nextInt(),
                (short) random.nextInt(),
                random.nextInt() >> random.nextInt(32),
                random.nextLong() >> random.nextInt(64),
                random.nextLong(1L << 32),
                new BigDecimal(new BigInteger(64, new java.util.Random(random.nextLong()))),
                (float) random.nextInt(200),
                random.nextDouble(),
                LocalDate.ofEpochDay(random.nextInt(-100_000, 100_000)),
                LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L),
                LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1_000L),
                local.withNano(local.getNano() / 1_000_000 * 1_000_000),
                at.with(java.time.temporal.ChronoField.NANO_OF_SECOND, at.getNano() / 1_000 * 1_000L),
                local,
                local,
                new BigDecimal(BigInteger.valueOf(random.nextInt(-999_999_999, 1_000_000_000)), 2),
                new BigDecimal(
                        BigInteger.valueOf(random.nextLong(-999_999_999_999_999_999L, 999_999_999_999_999_999L)), 3),
                new BigDecimal(wide, 10),
                new BigDecimal(BigInteger.valueOf(random.nextLong(-99_999_999_999L, 99_999_999_999L)), 0),
                new BigDecimal(wide.shiftRight(24), 4),
                "s" + "é".repeat(random.nextInt(4)) + random.nextInt(100),
                "https://example.org/item/" + random.nextInt(5_000) + "/" + "x".repeat(random.nextInt(60)),
                ("b" + random.nextLong()).substring(0, 1 + random.nextInt(2)).getBytes(StandardCharsets.UTF_8),
                uuid,
                fix,
                1_700_000_000_000L + r * 3L + random.nextInt(5),
                random.nextInt(50) == 0
                        ? "a rather long value among few " + random.nextInt(3)
                        : "v" + random.nextInt(20));
    }

    /** Rows in which byte arrays compare by content. */
    static List<List<Object>> comparable(List<List<Object>> rows) {
        List<List<Object>> all = new ArrayList<>();
        for (List<Object> row : rows) {
            List<Object> one = new ArrayList<>();
            for (Object value : row) {
                one.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
            }
            all.add(one);
        }
        return all;
    }
}
