package io.millrace.it.ledger;

import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.memory.time.Clock;
import io.millrace.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One real broker for the tests of a class; register it in a static field. */
public final class LedgerBroker implements BeforeAllCallback, AfterAllCallback {
    private Path directory;
    private BrokerProcess process;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("millrace-ledger-broker");
        process = BrokerProcess.start(BrokerConfig.in(directory), Clock.system());
    }

    public String servers() {
        return process.bootstrapServers();
    }

    /** To be killed and started again. */
    BrokerProcess process() {
        return process;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (process != null) {
            process.close();
        }
        Storage.at(directory.toString()).deleteTree(directory.toString());
    }
}
