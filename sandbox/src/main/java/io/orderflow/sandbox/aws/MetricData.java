package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the data points of one {@code PutMetricData}. All are valid, or none is taken. */
final class MetricData {

    private static final int MAX_METRICS = 1000;
    private static final int MAX_DIMENSIONS = 30;
    private static final int MAX_VALUES = 150;
    private static final double MAX_VALUE = Math.scalb(1.0, 360);
    private static final Duration OLDEST = Duration.ofDays(14);
    private static final Duration NEWEST = Duration.ofHours(2);

    private static final Pattern NAMESPACE = Pattern.compile("[^:\\p{Cntrl}][\\p{ASCII}&&\\P{Cntrl}]{0,254}");
    private static final Pattern NAME = Pattern.compile("(?!\\s*$)[\\p{ASCII}&&\\P{Cntrl}]{1,255}");
    private static final Pattern DIMENSION_NAME = Pattern.compile("(?!:)(?!\\s*$)[\\p{ASCII}&&\\P{Cntrl}]{1,255}");
    private static final Pattern DIMENSION_VALUE = Pattern.compile("(?!\\s*$)[\\p{ASCII}&&\\P{Cntrl}]{1,1024}");

    private static final Set<String> UNITS = units();

    private final Instant now;
    private final String namespace;
    private final List<ObjectNode> points = new ArrayList<>();

    private MetricData(String namespace, Instant now) {
        this.namespace = namespace;
        this.now = now;
    }

    private static Set<String> units() {
        var all = new java.util.HashSet<>(
                Set.of("Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"));
        for (var prefix : List.of("", "Kilo", "Mega", "Giga", "Tera")) {
            for (var base : List.of("bytes", "bits")) {
                var unit = prefix.isEmpty() ? Character.toUpperCase(base.charAt(0)) + base.substring(1) : prefix + base;
                all.add(unit);
                all.add(unit + "/Second");
            }
        }
        return Set.copyOf(all);
    }

    /** The data points as the effects show them. */
    static List<ObjectNode> read(JsonNode request, Instant now) {
        var namespace = text(request, "Namespace", NAMESPACE, "Namespace");
        if (namespace.startsWith("AWS/")) {
            throw invalid("The value AWS/ for parameter Namespace is invalid.");
        }
        var data = new MetricData(namespace, now);
        data.readAll(request.path("MetricData"), "MetricData");
        var entities = request.path("EntityMetricData");
        for (int i = 0; i < entities.size(); i++) {
            data.readAll(entities.get(i).path("MetricData"), "EntityMetricData.member." + (i + 1) + ".MetricData");
        }
        if (data.points.isEmpty()) {
            throw new Rejection(400, "MissingParameter", "The parameter MetricData is required.");
        }
        if (data.points.size() > MAX_METRICS) {
            throw invalid("The collection MetricData must not have a size greater than " + MAX_METRICS + ".");
        }
        return data.points;
    }

    private void readAll(JsonNode list, String path) {
        for (int i = 0; i < list.size(); i++) {
            points.add(readOne(list.get(i), path + ".member." + (i + 1)));
        }
    }

    private ObjectNode readOne(JsonNode datum, String path) {
        var point = Json.object()
                .put("namespace", namespace)
                .put("metricName", text(datum, "MetricName", NAME, path + ".MetricName"));
        point.set("dimensions", dimensions(datum.path("Dimensions"), path + ".Dimensions"));
        point.put("timestamp", timestamp(datum, path + ".Timestamp").toString());
        values(datum, point, path);
        var unit = datum.path("Unit").asText("None");
        if (!UNITS.contains(unit)) {
            throw invalid("The parameter " + path + ".Unit must be a value in the set of units.");
        }
        var resolution = datum.path("StorageResolution").asInt(60);
        if (resolution != 1 && resolution != 60) {
            throw invalid("The parameter " + path + ".StorageResolution must be 1 or 60.");
        }
        return point.put("unit", unit).put("storageResolution", resolution);
    }

    private static ObjectNode dimensions(JsonNode list, String path) {
        if (list.size() > MAX_DIMENSIONS) {
            throw invalid("The collection " + path + " must not have a size greater than " + MAX_DIMENSIONS + ".");
        }
        var all = Json.object();
        for (int i = 0; i < list.size(); i++) {
            var member = path + ".member." + (i + 1);
            all.put(
                    text(list.get(i), "Name", DIMENSION_NAME, member + ".Name"),
                    text(list.get(i), "Value", DIMENSION_VALUE, member + ".Value"));
        }
        return all;
    }

    private Instant timestamp(JsonNode datum, String path) {
        var given = datum.path("Timestamp");
        if (given.isMissingNode()) {
            return now;
        }
        if (!given.isNumber()) {
            throw invalid("The parameter " + path + " must be a timestamp.");
        }
        var time = Instant.ofEpochMilli(Math.round(given.asDouble() * 1000));
        if (time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(NEWEST))) {
            throw invalid("The parameter " + path + " must specify a time no more than two weeks before"
                    + " and no more than two hours after the current time.");
        }
        return time;
    }

    private static void values(JsonNode datum, ObjectNode point, String path) {
        var ways = List.of("Value", "StatisticValues", "Values").stream()
                .filter(datum::has)
                .toList();
        if (ways.isEmpty()) {
            throw new Rejection(
                    400, "MissingParameter", "At least one of the parameters must be specified: " + path + ".Value");
        }
        if (ways.size() > 1 || datum.has("Counts") && !datum.has("Values")) {
            throw new Rejection(
                    400,
                    "InvalidParameterCombination",
                    "The parameters " + path + "." + String.join(" and " + path + ".", ways)
                            + " are mutually exclusive.");
        }
        switch (ways.getFirst()) {
            case "Value" -> point.put("value", number(datum.get("Value"), path + ".Value"));
            case "StatisticValues" -> statistics(datum.get("StatisticValues"), point, path + ".StatisticValues");
            default -> distribution(datum, point, path);
        }
    }

    private static void statistics(JsonNode set, ObjectNode point, String path) {
        var all = point.putObject("statistics");
        for (var name : List.of("SampleCount", "Sum", "Minimum", "Maximum")) {
            if (!set.has(name)) {
                throw new Rejection(400, "MissingParameter", "The parameter " + path + "." + name + " is required.");
            }
            all.put(name, number(set.get(name), path + "." + name));
        }
    }

    private static void distribution(JsonNode datum, ObjectNode point, String path) {
        var values = datum.get("Values");
        var counts = datum.path("Counts");
        if (values.size() > MAX_VALUES) {
            throw invalid("The collection " + path + ".Values must not have a size greater than " + MAX_VALUES + ".");
        }
        if (!counts.isMissingNode() && counts.size() != values.size()) {
            throw invalid("The parameters " + path + ".Values and " + path + ".Counts must be of the same size.");
        }
        var shownValues = point.putArray("values");
        var shownCounts = point.putArray("counts");
        for (int i = 0; i < values.size(); i++) {
            shownValues.add(number(values.get(i), path + ".Values"));
            var count = counts.isMissingNode() ? 1 : number(counts.get(i), path + ".Counts");
            if (count <= 0) {
                throw invalid("The parameter " + path + ".Counts must be greater than 0.");
            }
            shownCounts.add(count);
        }
    }

    private static double number(JsonNode value, String path) {
        if (!value.isNumber() || !(Math.abs(value.asDouble()) <= MAX_VALUE)) {
            throw invalid("The value " + value.asText() + " for parameter " + path + " is invalid.");
        }
        return value.asDouble();
    }

    private static String text(JsonNode parent, String name, Pattern form, String path) {
        var value = parent.path(name).asText();
        if (value.isEmpty()) {
            throw new Rejection(400, "MissingParameter", "The parameter " + path + " is required.");
        }
        if (!form.matcher(value).matches()) {
            throw invalid("The value " + value + " for parameter " + path + " is invalid.");
        }
        return value;
    }

    private static Rejection invalid(String message) {
        return new Rejection(400, "InvalidParameterValue", message);
    }
}
