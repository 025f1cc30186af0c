package io.millrace.formats.json;

import io.millrace.formats.FormatFactory;
import io.millrace.formats.FormatOption;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.formats.RecordEncoder;
import java.util.List;

/** {@code 'format' = 'json'}. */
public final class JsonFormatFactory implements FormatFactory {
    static final FormatOption FAIL_ON_MISSING =
            new FormatOption("json.fail-on-missing-field", "false", "whether a record that lacks a field is bad");

    static final FormatOption IGNORE_NULLS =
            new FormatOption(
                    "json.encode.ignore-null-fields", "false", "whether NULL fields are left out when written");

    @Override
    public String identifier() {
        return "json";
    }

    @Override
    public List<FormatOption> options() {
        return List.of(FAIL_ON_MISSING, IGNORE_NULLS);
    }

    @Override
    public RecordDecoder decoder(FormatRequest request) {
        return new JsonRecordDecoder(request);
    }

    @Override
    public RecordEncoder encoder(FormatRequest request) {
        return new JsonRecordEncoder(request);
    }
}
