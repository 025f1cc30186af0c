package io.millrace.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.cli.output.ErrorText;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a running job for a savepoint. */
@Command(
        name = "savepoint",
        description = "Takes a savepoint of a running job: a checkpoint that needs nothing else and is yours to keep.",
        versionProvider = Version.class)
final class SavepointCommand implements CliCommand {
    @Parameters(index = "0", paramLabel = "JOB", description = "The job's name or id.")
    private String job;

    @Parameters(
            index = "1",
            paramLabel = "NAME",
            description = "Its name: a new directory where the job's savepoints go, below its --savepoints.")
    private String name;

    @Option(
            names = {"--http", "--url"},
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the job serves: what its --http was.")
    private String url;

    @Mixin private GlobalOptions globals;

    @Override
    public int run(Streams streams) {
        try {
            streams.err().println("savepoint of job " + job + " at " + ask());
            return 0;
        } catch (MillraceException error) {
            streams.err().print(ErrorText.of(error, null, null, globals.isVerbose()));
            return error.code().exitCode();
        }
    }

    /** Returns where it is. */
    private String ask() {
        String base = url.contains("://") ? url : "http://" + url;
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(base + "/v1/jobs/" + encoded(job) + "/savepoint?name=" + encoded(name)))
                            .header("X-Millrace", "savepoint")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                ErrorCode code = answer.statusCode() < 500 ? ErrorCode.USAGE : ErrorCode.IO_FAILED;
                throw new MillraceException(code, "no savepoint of job " + job + ": " + answer.body().strip());
            }
            return path(answer.body());
        } catch (IllegalArgumentException wrong) {
            throw new MillraceException(ErrorCode.INVALID_OPTION, "--url: expected a URL, found " + url, wrong);
        } catch (IOException unreachable) {
            throw new MillraceException(ErrorCode.IO_FAILED, "no answer from " + base + ": " + unreachable, unreachable)
                    .withHelp("Is the job running with --http? Give its address with --url.");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.CANCELLED, "interrupted", interrupted);
        }
    }

    private static String path(String answer) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(answer)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && "path".equals(json.currentName())) {
                    return json.getText();
                }
            }
        }
        throw new IOException("expected the path of a savepoint, found " + answer.strip());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
