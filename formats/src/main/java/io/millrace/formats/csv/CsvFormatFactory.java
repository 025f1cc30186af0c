package io.millrace.formats.csv;

import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.formats.RecordEncoder;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.List;
import java.util.Map;

/** {@code 'format' = 'csv'}. */
public final class CsvFormatFactory implements FormatFactory {
    static final FormatOption DELIMITER = new FormatOption("csv.field-delimiter", ",", "one character; \\t for a tab");
    static final FormatOption HEADER =
            new FormatOption("csv.header", "true", "whether a file begins with the fields' names");
    static final FormatOption NULL_LITERAL =
            new FormatOption("csv.null-literal", "", "what a bare field says for NULL");

    @Override
    public String identifier() {
        return "csv";
    }

    @Override
    public List<FormatOption> options() {
        return List.of(DELIMITER, HEADER, NULL_LITERAL);
    }

    @Override
    public boolean hasHeader(Map<String, String> options) {
        return Boolean.parseBoolean(options.getOrDefault(HEADER.key(), HEADER.defaultValue()));
    }

    @Override
    public boolean quotesLineEnds() {
        return true;
    }

    static byte delimiter(FormatRequest request) {
        String text = request.option(DELIMITER).replace("\\t", "\t");
        if (text.length() != 1 || text.charAt(0) > 126 || "\"\r\n".contains(text)) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION,
                    "option '" + DELIMITER.key() + "': expected one ASCII character, found '" + text + "'");
        }
        return (byte) text.charAt(0);
    }

    @Override
    public RecordDecoder decoder(FormatRequest request) {
        return new CsvRecordDecoder(request);
    }

    @Override
    public RecordEncoder encoder(FormatRequest request) {
        return new CsvRecordEncoder(request);
    }
}
