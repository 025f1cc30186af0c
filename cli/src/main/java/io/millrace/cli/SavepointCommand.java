package io.millrace.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.cli.output.ErrorText;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
            new PrintStream(streams.out(), true, StandardCharsets.UTF_8).println(ask());
            return 0;
        } catch (MillraceException error) {
            streams.err().print(ErrorText.of(error, null, null, globals.isVerbose()));
            return error.code().exitCode();
        }
    }

    /** Returns where it is. */
    private String ask() {
        String base = (url.contains("://") ? url : "http://" + url).replaceFirst("/+$", "");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create(base + "/v1/jobs/" + encoded(job) + "/savepoint?name=" + encoded(name)))
                            .header("X-Millrace", "savepoint")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw refused(answer);
            }
            String path = member(answer.body(), "path");
            if (path == null) {
                throw new IOException("expected the path of a savepoint, found " + answer.body().strip());
            }
            return path;
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

    /** The job's own error, where the answer is one. */
    private MillraceException refused(HttpResponse<String> answer) throws IOException {
        String code = member(answer.body(), "code");
        String message = member(answer.body(), "message");
        ErrorCode known =
                Arrays.stream(ErrorCode.values()).filter(each -> each.name().equals(code)).findFirst().orElse(null);
        if (known == null || message == null) {
            return new MillraceException(
                            ErrorCode.IO_FAILED,
                            "no savepoint of job " + job + ": the answer of " + url + " is " + answer.statusCode())
                    .withHelp("Is that where the job serves? Give the address of its --http with --url.");
        }
        MillraceException error = new MillraceException(known, "no savepoint of job " + job + ": " + message);
        String help = member(answer.body(), "help");
        return help == null ? error : error.withHelp(help);
    }

    /** The first text of this name in a JSON object, however deep; null without one, and when it is no JSON. */
    private static String member(String answer, String name) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(answer)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && name.equals(json.currentName())) {
                    return json.getText();
                }
            }
        } catch (JsonParseException noJson) {
            return null;
        }
        return null;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
