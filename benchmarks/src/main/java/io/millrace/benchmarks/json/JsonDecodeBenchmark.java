package io.millrace.benchmarks.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Question: how many nanoseconds of CPU time does a Nexmark bid of about 320 bytes of JSON take to become columns?
 * Beside it, Jackson's streaming parser over the same bytes, fetching each value without making a column of it. The
 * sums of prices and of lengths are compared before anything is printed. Arguments: records (default 200000), rounds
 * (default 9).
 */
public final class JsonDecodeBenchmark {
    private static final Schema BID =
            Schema.of(
                    "auction", DataType.BIGINT,
                    "bidder", DataType.BIGINT,
                    "price", DataType.BIGINT,
                    "channel", DataType.VARCHAR,
                    "url", DataType.VARCHAR,
                    "date_time", DataType.timestamp(3),
                    "extra", DataType.VARCHAR);

    private JsonDecodeBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        byte[][] records = records(count);
        long bytes = Arrays.stream(records).mapToLong(r -> r.length).sum();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] ours = new double[rounds];
        double[] narrow = new double[rounds];
        double[] theirs = new double[rounds];
        for (int round = -4; round < rounds; round++) {
            long start = threads.getCurrentThreadCpuTime();
            long all = decode(records, BID);
            long middle = threads.getCurrentThreadCpuTime();
            long some = decode(records, BID.project(0, 2));
            long third = threads.getCurrentThreadCpuTime();
            long expected = parseByJackson(records);
            long end = threads.getCurrentThreadCpuTime();
            if (all != expected) {
                throw new IllegalStateException("expected sum " + expected + ", found " + all + " and " + some);
            }
            if (round >= 0) {
                ours[round] = (middle - start) / (double) count;
                narrow[round] = (third - middle) / (double) count;
                theirs[round] = (end - third) / (double) count;
            }
        }
        Arrays.sort(ours);
        Arrays.sort(narrow);
        Arrays.sort(theirs);
        System.out.printf(
                Locale.ROOT,
                "{\"benchmark\":\"json-decode\",\"records\":%d,\"bytes_per_record\":%d,\"millrace_ns\":%.0f,"
                    + "\"millrace_two_columns_ns\":%.0f,\"jackson_stream_ns\":%.0f,\"ratio\":%.2f,\"jdk\":\"%s\"}%n",
                count,
                bytes / count,
                ours[rounds / 2],
                narrow[rounds / 2],
                theirs[rounds / 2],
                theirs[rounds / 2] / ours[rounds / 2],
                Runtime.version());
    }

    private static byte[][] records(int count) {
        SplittableRandom random = new SplittableRandom(42);
        byte[][] records = new byte[count][];
        LocalDateTime time = LocalDateTime.parse("2026-01-01T00:00:00");
        for (int i = 0; i < count; i++) {
            time = time.plusNanos(1_000_000L * random.nextInt(3));
            String channel = "channel-" + random.nextInt(10_000);
            StringBuilder extra = new StringBuilder();
            for (int k = 60 + random.nextInt(80); k > 0; k--) {
                extra.append((char) ('a' + random.nextInt(26)));
            }
            records[i] =
                    ("{\"auction\":"
                                    + (1000 + random.nextInt(600_000))
                                    + ",\"bidder\":"
                                    + (1000 + random.nextInt(200_000))
                                    + ",\"price\":"
                                    + (long) (Math.pow(10, random.nextDouble() * 6) * 100)
                                    + ",\"channel\":\""
                                    + channel
                                    + "\",\"url\":\"https://www.nexmark.com/abcd/efgh/ijkl/item.htm?query=1&channel_id="
                                    + i
                                    + "\",\"date_time\":\""
                                    + time.toLocalDate()
                                    + " "
                                    + String.format(Locale.ROOT, "%tT.%<tL", time)
                                    + "\",\"extra\":\""
                                    + extra
                                    + "\"}")
                            .getBytes(StandardCharsets.UTF_8);
        }
        return records;
    }

    private static long decode(byte[][] records, Schema schema) {
        long sum = 0;
        try (Allocator root = Allocator.root(256 << 20);
                RecordDecoder decoder =
                        FormatFactory.named("json").decoder(FormatRequest.of(schema, Map.of(), ZoneOffset.UTC, root));
                BatchBuilder rows = new BatchBuilder(root, schema, 4096)) {
            for (int i = 0; i < records.length; i++) {
                String reason = decoder.decode(records[i], 0, records[i].length, rows);
                if (reason != null) {
                    throw new IllegalStateException(reason);
                }
                if (rows.rowCount() == 4096 || i == records.length - 1) {
                    try (Batch batch = rows.build()) {
                        sum += sum(batch);
                    }
                }
            }
        }
        return sum;
    }

    private static long sum(Batch batch) {
        long sum = 0;
        for (int i = 0; i < batch.columnCount(); i++) {
            Column column = batch.column(i);
            for (int row = 0; row < batch.rowCount(); row++) {
                sum +=
                        column.type().kind().isBytes()
                                ? column.getBytesLength(row)
                                : column.type().kind().isTimestamp() ? 23 : column.getLong(row);
            }
        }
        return sum;
    }

    private static long parseByJackson(byte[][] records) throws IOException {
        JsonFactory factory = new JsonFactory();
        long sum = 0;
        for (byte[] bytes : records) {
            try (JsonParser parser = factory.createParser(bytes)) {
                while (parser.nextToken() != null) {
                    JsonToken token = parser.currentToken();
                    if (token == JsonToken.VALUE_NUMBER_INT) {
                        sum += parser.getLongValue();
                    } else if (token == JsonToken.VALUE_STRING) {
                        sum += parser.getText().length();
                    }
                }
            }
        }
        return sum;
    }
}
