package io.millrace.memory.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

class MillraceExceptionTest {
    @Test
    void aSpentHeapIsATypedError() {
        OutOfMemoryError spent = new OutOfMemoryError("Java heap space");
        MillraceException wrapped = MillraceException.wrap(spent);
        assertThat(wrapped.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
        assertThat(wrapped).hasMessage("the JVM's own memory is spent: Java heap space").hasCause(spent);
        assertThat(wrapped.help()).contains("--memory");
    }

    @Test
    void whatIsNotOursIsInternalAndWhatIsOursStays() {
        assertThat(MillraceException.wrap(new IllegalStateException("x")).code()).isEqualTo(ErrorCode.INTERNAL);
        MillraceException ours = new MillraceException(ErrorCode.USAGE, "y");
        assertThat(MillraceException.wrap(ours)).isSameAs(ours);
    }

    @Test
    void memoryThatIsSpentOnceMoreWhileClosingIsStillThat() {
        // The virtual machine throws the same error again when there is no room for another.
        OutOfMemoryError kept = new OutOfMemoryError("Java heap space");
        AutoCloseable spending =
                () -> {
                    throw kept;
                };
        Throwable thrown =
                catchThrowable(() -> {
                    try (spending) {
                        throw kept;
                    }
                });
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        assertThat(MillraceException.wrap(thrown).code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
    }
}
