package io.millrace.formats;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import java.time.ZoneId;
import java.util.Map;

/**
 * What a decoder or encoder is made for.
 *
 * @param schema the fields of a record that are read or written, by name
 * @param columns for a decoder, where each field goes: its column in the builder that the decoder is given; for an
 *     encoder, the batch's column that each field comes from
 * @param options the format's options, those left out at their default; unknown keys were refused before
 * @param zone {@code table.local-time-zone}, for instants written without an offset
 * @param allocator for scratch, freed when the decoder or encoder is closed
 * @param recordSchema all fields of a record in their order, for formats whose fields have places instead of names
 */
public record FormatRequest(
        Schema schema,
        int[] columns,
        Map<String, String> options,
        ZoneId zone,
        Allocator allocator,
        Schema recordSchema) {
    public FormatRequest {
        options = Map.copyOf(options);
        if (columns.length != schema.size()) {
            throw new IllegalArgumentException(
                    "expected one column a field, found fields=" + schema.size() + " columns=" + columns.length);
        }
    }

    /** A record of these fields and no others. */
    public FormatRequest(Schema schema, int[] columns, Map<String, String> options, ZoneId zone, Allocator allocator) {
        this(schema, columns, options, zone, allocator, schema);
    }

    /** All fields, each in the column of its own index. */
    public static FormatRequest of(Schema schema, Map<String, String> options, ZoneId zone, Allocator allocator) {
        int[] columns = new int[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i;
        }
        return new FormatRequest(schema, columns, options, zone, allocator);
    }

    /** The option's value, or the default. */
    public String option(FormatOption option) {
        return options.getOrDefault(option.key(), option.defaultValue());
    }
}
