package io.millrace.memory.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchBuilderTest {
    @Test
    void aBatchForWhichThereIsNoMemoryLeaksNothing() {
        DataType lists =
                DataType.row(
                        List.of(
                                new Field("p", DataType.array(DataType.BIGINT)),
                                new Field("q", DataType.array(DataType.VARCHAR))));
        Schema schema = Schema.of("n", DataType.BIGINT, "a", DataType.array(DataType.BIGINT), "r", lists);
        for (int failing = 1; ; failing++) {
            int at = failing;
            int[] calls = {0};
            try (Allocator allocator = Allocator.root(1L << 20)) {
                allocator.injectFault((owner, bytes) -> ++calls[0] == at);
                try (BatchBuilder builder = new BatchBuilder(allocator, schema, 4, true)) {
                    // Of empty arrays the elements find their place when they are built.
                    builder.appendWeighted(1, 1L, List.of(), List.of(List.of(), List.of()));
                    builder.build().close();
                } catch (MillraceException failure) {
                    assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                }
            }
            if (calls[0] < failing) {
                return;
            }
        }
    }
}
