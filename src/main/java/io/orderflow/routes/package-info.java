/** Takes edits of the route files into the running app. */
package io.orderflow.routes;
