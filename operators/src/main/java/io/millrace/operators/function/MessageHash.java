package io.millrace.operators.function;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A digest that is kept from call to call. */
public sealed class MessageHash {
    private final MessageDigest digest;

    private MessageHash(String algorithm) {
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("expected the digest " + algorithm, missing);
        }
    }

    void append(Text value, Text out) {
        byte[] hash = digest.digest(value.toBytes());
        out.clear().append(HexFormat.of().formatHex(hash));
    }

    /** MD5. */
    public static final class Md5 extends MessageHash {
        public Md5(CallSite site) {
            super("MD5");
        }
    }

    /** SHA-1. */
    public static final class Sha1 extends MessageHash {
        public Sha1(CallSite site) {
            super("SHA-1");
        }
    }

    /** SHA-256. */
    public static final class Sha256 extends MessageHash {
        public Sha256(CallSite site) {
            super("SHA-256");
        }
    }
}
