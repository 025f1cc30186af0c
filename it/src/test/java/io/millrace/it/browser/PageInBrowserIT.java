package io.millrace.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.server.HttpAddress;
import io.millrace.server.MillraceServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class PageInBrowserIT {
    private static final int EVENTS = 10_000;
    private static final String SCRIPT =
            """
            CREATE TABLE bids (event_id BIGINT, auction BIGINT, price BIGINT, channel STRING, date_time TIMESTAMP(3),
              WATERMARK FOR date_time AS date_time - INTERVAL '1' SECOND)
            WITH ('connector' = 'nexmark', 'events.num' = '${events}', 'first-event.rate' = '1000', 'keep-alive' = 'true');
            CREATE MATERIALIZED VIEW by_second AS
            SELECT window_start, window_end, count(*) AS bids, max('<img src=x onerror=alert(1)>') AS label
            FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '1' SECOND))
            GROUP BY window_start, window_end;
            """
                    .replace("${events}", String.valueOf(EVENTS));

    @TempDir private Path profile;

    /** The page's document after its scripts have asked for what it shows. */
    private String document(String url) throws IOException, InterruptedException {
        Process browser =
                new ProcessBuilder(
                                "chromium",
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--user-data-dir=" + profile,
                                "--virtual-time-budget=5000",
                                "--dump-dom",
                                url)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> all(browser.getInputStream()));
        if (!browser.waitFor(2, TimeUnit.MINUTES)) {
            browser.destroyForcibly();
            throw new AssertionError("the browser does not end");
        }
        return new String(read.join(), StandardCharsets.UTF_8);
    }

    private static byte[] all(InputStream in) {
        try (in) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    @Test
    void showsTheRunningJobItsSourcesAndItsViews() throws Exception {
        MillraceConfig config = MillraceConfig.defaults().withMemoryBytes(512L << 20).withParallelism(1);
        try (Millrace millrace = Millrace.open(config);
                Session session = millrace.session();
                MillraceServer server = MillraceServer.start(millrace, new HttpAddress("127.0.0.1", 0))) {
            ScriptJob job = session.start("counting", SCRIPT);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> job.job().status().rowsRead() >= EVENTS * 46L / 50);
            String page = document(server.url());
            assertThat(page).contains("job counting").contains("by_second").contains("9,200 rows");
            // A window of a second has 920 bids, and says that these are all.
            assertThat(page).contains(">920<").contains("final");
            assertThat(page).as("data is text").contains("&lt;img src=x").doesNotContain("<img src=x");
            assertThat(List.of("http://", "https://"))
                    .as("nothing is loaded from elsewhere")
                    .noneMatch(scheme -> page.contains("src=\"" + scheme) || page.contains("href=\"" + scheme));
            job.job().cancel();
        }
    }
}
