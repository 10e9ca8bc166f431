package io.orderflow.sheet;

/** Why a flush cannot go on, where no call to Google has said so. */
final class SheetException extends RuntimeException {

    private final boolean isFinal;

    /** @param isFinal whether it stays so until a person does something */
    SheetException(String message, boolean isFinal) {
        super(message);
        this.isFinal = isFinal;
    }

    boolean isFinal() {
        return isFinal;
    }
}
