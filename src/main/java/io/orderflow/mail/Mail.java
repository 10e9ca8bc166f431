package io.orderflow.mail;

/** One mail, in both forms that a mail program chooses from. */
record Mail(String subject, String text, String html) {}
