/**
 * Google's OAuth 2.0 token endpoint for service accounts, and the Sheets API v4.
 *
 * <p>The rules come from Google's reference of the Sheets API ("REST Resource: v4.spreadsheets" and
 * "v4.spreadsheets.values", "Usage limits", "Read &amp; write cell values") and from "Using OAuth 2.0 for Server to
 * Server Applications". The wording of the errors is that of answers which users of the API have published. Where
 * reports differ, the stricter reading is taken: what works here works there.
 *
 * <p>Left out, and refused rather than ignored: formatting, charts, named ranges, data filters, developer metadata, the
 * evaluation of formulas.
 */
package io.orderflow.sandbox.google;
