package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The endpoint's description of itself, and the page. */
final class MetaRoutes {
  private MetaRoutes() {}

  /** All routes: these and the description's and the page's own. */
  static List<Route> complete(List<Route> routes, String version) {
    List<Route> all = new ArrayList<>(routes);
    // The description holds itself too, so it is made once the list is complete.
    ObjectNode[] description = new ObjectNode[1];
    all.add(
        Route.get("/api/v1/openapi.json", "This description.")
            .answers(Schema.object("OpenAPI 3.1."))
            .by(request -> Response.Json.ok(description[0])));
    Page page = Page.load();
    all.add(
        Route.get("/", "A page that shows the node, its DAG and its peers.")
            .answers(Route.Answer.text("text/html; charset=utf-8", "The page."))
            .by(request -> page.response()));
    description[0] = OpenApi.describe(all, version);
    return all;
  }
}
