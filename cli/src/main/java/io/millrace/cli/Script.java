package io.millrace.cli;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * SQL text and where it came from.
 *
 * @param name as an error shows it: a file as the user wrote it, {@code -c} or {@code -}
 */
record Script(String name, String text) {
    static Script ofOption(String sql) {
        return new Script("-c", sql);
    }

    static Script ofFile(String file) {
        try {
            return new Script(file, decode(file, Files.readAllBytes(Path.of(file))));
        } catch (NoSuchFileException missing) {
            throw new MillraceException(ErrorCode.FILE_NOT_FOUND, "there is no file " + file, missing);
        } catch (AccessDeniedException denied) {
            throw new MillraceException(ErrorCode.PERMISSION_DENIED, "no permission to read " + file, denied);
        } catch (IOException failed) {
            ErrorCode code = Files.isDirectory(Path.of(file)) ? ErrorCode.USAGE : ErrorCode.IO_FAILED;
            throw new MillraceException(code, "cannot read " + file + ": " + failed.getMessage(), failed);
        }
    }

    static Script ofInput(InputStream in) {
        try {
            return new Script("-", decode("-", in.readAllBytes()));
        } catch (IOException failed) {
            throw new MillraceException(ErrorCode.IO_FAILED, "cannot read stdin: " + failed.getMessage(), failed);
        }
    }

    private static String decode(String name, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException notText) {
            throw new MillraceException(ErrorCode.USAGE, name + ": expected UTF-8 text", notText);
        }
    }
}
