package io.millrace.server;

import io.millrace.engine.Millrace;
import io.millrace.memory.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The table of what can be asked. Immutable, thread-safe. */
final class Routes {
    private final List<Route> routes;

    /**
     * One line of the table.
     *
     * @param pattern a path; a segment in braces stands for any one segment
     * @param method of the request
     * @param answer makes the reply; fails with {@link HttpProblem} or the engine's own error
     */
    record Route(String pattern, String method, Function<Exchange, Reply> answer) {
        /** One that only looks. */
        Route(String pattern, Function<Exchange, Reply> answer) {
            this(pattern, "GET", answer);
        }

        boolean matches(List<String> segments) {
            List<String> wanted = wanted();
            if (wanted.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                boolean any = wanted.get(i).startsWith("{") && !segments.get(i).isEmpty();
                if (!any && !wanted.get(i).equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private List<String> wanted() {
            return pattern.equals("/") ? List.of() : Arrays.asList(pattern.substring(1).split("/", -1));
        }
    }

    private Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    static Routes of(Millrace millrace, RequestCounts counts) {
        JobRoutes jobs = new JobRoutes(millrace);
        ViewRoutes views = new ViewRoutes(millrace.views());
        SideTableRoutes sides = new SideTableRoutes(millrace.sideTables(), millrace.jobs());
        MemoryRoute memory = new MemoryRoute(millrace);
        MetricsRoute metrics = new MetricsRoute(millrace, counts);
        return new Routes(
                List.of(
                        new Route("/", exchange -> PageFiles.reply("page.html")),
                        new Route("/page.css", exchange -> PageFiles.reply("page.css")),
                        new Route("/page.js", exchange -> PageFiles.reply("page.js")),
                        new Route("/chart.js", exchange -> PageFiles.reply("chart.js")),
                        new Route("/health", jobs::health),
                        new Route("/metrics", metrics::text),
                        new Route("/v1/memory", memory::report),
                        new Route("/v1/jobs", jobs::list),
                        new Route("/v1/jobs/{job}", jobs::one),
                        new Route("/v1/jobs/{job}/savepoint", "POST", jobs::savepoint),
                        new Route("/v1/views/{view}", views::rows),
                        new Route("/v1/tables/{table}/late", sides::late),
                        new Route("/v1/tables/{table}/bad", sides::bad)));
    }

    List<Route> routes() {
        return routes;
    }

    List<String> patterns() {
        return routes.stream().map(Route::pattern).toList();
    }

    Reply answer(Exchange exchange) {
        for (Route route : routes) {
            if (route.matches(exchange.segments())) {
                if (!route.method().equals(exchange.method())) {
                    throw new HttpProblem(
                            405, ErrorCode.USAGE, "expected " + route.method() + ", found " + exchange.method());
                }
                return route.answer().apply(exchange);
            }
        }
        throw new HttpProblem(404, ErrorCode.USAGE, "nothing at /" + String.join("/", exchange.segments()))
                .withHelp("There are " + String.join(", ", patterns()) + ".");
    }
}
