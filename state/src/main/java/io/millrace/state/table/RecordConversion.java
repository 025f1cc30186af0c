package io.millrace.state.table;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Makes the records of a table as an earlier script kept it those of this one. One thread; holds nothing.
 *
 * @param keys null when keys are as they were
 * @param rows what is behind them
 */
public record RecordConversion(RowConversion keys, RowConversion rows) {
    private static final String ARROW = " -> ";

    /**
     * A conversion.
     *
     * @param layout of the table as it was: key layouts in parentheses, an arrow, that of the codec
     * @param keyTypes as they are
     * @param keysFrom for each, which it was
     * @param keepsKeys whether they are encoded as they were
     * @param valuesFrom for each value of the codec's rows which it was, or -1
     */
    public static RecordConversion of(
            String layout,
            List<DataType> keyTypes,
            List<Integer> keysFrom,
            boolean keepsKeys,
            RowCodec codec,
            List<Integer> valuesFrom) {
        int arrow = layout.indexOf(ARROW);
        String keyLayout = layout.substring(1, arrow - 1);
        List<Layout> before =
                keyLayout.isEmpty()
                        ? List.of()
                        : Arrays.stream(keyLayout.split(","))
                                .map(name -> Layout.valueOf(name.toUpperCase(Locale.ROOT)))
                                .toList();
        RowConversion keys = keepsKeys ? null : new KeyConversion(before, keyTypes, keysFrom);
        return new RecordConversion(keys, codec.conversion(rowLayout(layout), valuesFrom));
    }

    /** Of a table's layout, that of its codec. */
    public static String rowLayout(String layout) {
        return layout.substring(layout.indexOf(ARROW) + ARROW.length());
    }
}
