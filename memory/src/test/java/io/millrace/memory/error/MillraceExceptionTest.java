package io.millrace.memory.error;

import static org.assertj.core.api.Assertions.assertThat;

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
}
