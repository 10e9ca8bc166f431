package io.orderflow.sandbox.aws;

/** A request that is refused, with the code by which an SDK knows the exception. */
final class Rejection extends RuntimeException {

    private final int status;
    private final String code;

    Rejection(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static Rejection invalidParameter(String message) {
        return new Rejection(400, "InvalidParameter", "Invalid parameter: " + message);
    }

    static Rejection invalidValue(String message) {
        return new Rejection(400, "ParameterValueInvalid", message);
    }

    static Rejection notFound(String message) {
        return new Rejection(404, "NotFound", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
