package io.orderflow.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.model.StripeObject;
import com.stripe.net.ApiMode;
import com.stripe.net.ApiRequest;
import com.stripe.net.ApiResource;
import com.stripe.net.BaseAddress;
import com.stripe.net.RequestOptions;
import com.stripe.net.StripeResponseGetter;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of operations against stripe-java's own services. */
class StripeOperationTest {

    @ParameterizedTest
    @EnumSource
    void shouldOfferTheMethodsThatStripeOffers(StripeOperation operation) throws Exception {
        // Given
        var service = service(operation);

        // When
        var offered = Arrays.stream(StripeMethod.values())
                .filter(method -> Arrays.stream(service.getDeclaredMethods())
                        .anyMatch(declared -> declared.getName().equals(method.toString())))
                .toList();

        // Then
        assertThat(operation.methods()).containsExactlyInAnyOrderElementsOf(offered);
    }

    @ParameterizedTest
    @MethodSource("everyMethod")
    void shouldMakeTheRequestThatStripeJavaMakes(StripeOperation operation, StripeMethod method) throws Exception {
        // Given
        var expected = requestOfStripeJava(operation, method);

        // When
        var request = operation.request(method, "obj_1", Map.of(), null);

        // Then
        assertThat(request.getMethod()).isEqualTo(expected.getMethod());
        assertThat(request.getPath()).isEqualTo(expected.getPath());
        assertThat(request.getBaseAddress()).isEqualTo(expected.getBaseAddress());
    }

    @ParameterizedTest
    @MethodSource("everyMethod")
    void shouldAnswerWithTheModelOfTheMethod(StripeOperation operation, StripeMethod method) {
        // Given
        var object = operation.answer(StripeMethod.RETRIEVE).getSimpleName();

        // When
        var answer = operation.answer(method);

        // Then
        assertThat(answer.getSimpleName())
                .isEqualTo(
                        switch (method) {
                            case LIST -> object + "Collection";
                            case SEARCH -> object + "SearchResult";
                            default -> object;
                        });
    }

    @Test
    void shouldNameTheMethodsThatThereAreWhenOneIsNotOffered() {
        // When / Then
        assertThatThrownBy(() -> StripeOperation.BALANCE_TRANSACTIONS.method("create"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'create' for balanceTransactions")
                .hasMessageEndingWith("one of retrieve, list");
    }

    private static Stream<Arguments> everyMethod() {
        return Arrays.stream(StripeOperation.values())
                .flatMap(operation -> operation.methods().stream().map(method -> Arguments.of(operation, method)));
    }

    private static Class<?> service(StripeOperation operation) throws ClassNotFoundException {
        var object = operation.answer(StripeMethod.RETRIEVE).getSimpleName();
        return Class.forName("com.stripe.service." + object + "Service");
    }

    private static ApiRequest requestOfStripeJava(StripeOperation operation, StripeMethod method) throws Exception {
        var service = service(operation);
        var getter = new LastRequest();
        var call = Arrays.stream(service.getMethods())
                .filter(declared -> declared.getName().equals(method.toString()))
                .max(Comparator.comparingInt(Method::getParameterCount))
                .orElseThrow();
        var arguments = Arrays.stream(call.getParameterTypes())
                .map(type -> type == String.class ? "obj_1" : null)
                .toArray();
        call.invoke(service.getConstructor(StripeResponseGetter.class).newInstance(getter), arguments);
        return getter.request;
    }

    private static final class LastRequest implements StripeResponseGetter {

        private ApiRequest request;

        @Override
        public <T extends StripeObject> T request(ApiRequest request, Type type) {
            this.request = request;
            return null;
        }

        @Override
        @Deprecated
        public <T extends StripeObject> T request(
                BaseAddress baseAddress,
                ApiResource.RequestMethod method,
                String path,
                Map<String, Object> params,
                Type type,
                RequestOptions options,
                ApiMode apiMode) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        public InputStream requestStream(
                BaseAddress baseAddress,
                ApiResource.RequestMethod method,
                String path,
                Map<String, Object> params,
                RequestOptions options,
                ApiMode apiMode) {
            throw new UnsupportedOperationException();
        }
    }
}
