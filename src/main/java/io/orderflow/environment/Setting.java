package io.orderflow.environment;

/**
 * What the environment tells.
 *
 * @param variable by which people know it
 * @param property under which the app reads it, whoever set it; the variable itself where there is none
 */
record Setting(String variable, String property) {

    static Setting of(String variable, String property) {
        return new Setting(variable, property);
    }

    static Setting of(String variable) {
        return new Setting(variable, variable);
    }
}
