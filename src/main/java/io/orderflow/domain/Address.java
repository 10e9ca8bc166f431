package io.orderflow.domain;

/**
 * A postal address.
 *
 * @param state or null, where a country has none
 * @param zipCode or null, where a country has none
 * @param country ISO 3166-1 alpha-2, in capitals
 */
public record Address(String street, String city, String state, String zipCode, String country) {}
