package io.millrace.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.types.DataType;
import io.millrace.sql.SqlPlanner;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogColumn;
import io.millrace.sql.catalog.CatalogTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;

class ShellTest {
    private final SqlLineParser parser = new SqlLineParser();

    private static Set<String> propose(String statement) {
        Catalog catalog = new Catalog();
        for (String name : List.of("bids", "bidders")) {
            CatalogTable table =
                    new CatalogTable(
                            name,
                            List.of(new CatalogColumn.Physical(name + "_price", DataType.BIGINT, null)),
                            null,
                            List.of(),
                            List.of(),
                            Map.of("connector", "datagen"),
                            null);
            catalog.create(table, SqlPlanner.name(name), false, false);
        }
        int start = statement.length();
        while (start > 0 && Character.isJavaIdentifierPart(statement.charAt(start - 1))) {
            start--;
        }
        return new SqlCompleter(catalog).propose(statement, statement.substring(start));
    }

    @Test
    void readsOnUntilTheSemicolon() {
        assertThatThrownBy(() -> parser.parse("SELECT 1", 8, ParseContext.ACCEPT_LINE)).isInstanceOf(EOFError.class);
        assertThatThrownBy(() -> parser.parse("SELECT ';", 9, ParseContext.ACCEPT_LINE)).isInstanceOf(EOFError.class);
        assertThat(parser.parse("SELECT 1;", 9, ParseContext.ACCEPT_LINE)).isNotNull();
        assertThat(parser.parse("", 0, ParseContext.ACCEPT_LINE)).isNotNull();
        assertThat(parser.parse("exit", 4, ParseContext.ACCEPT_LINE)).isNotNull();
        assertThat(parser.parse("SELECT pri", 10, ParseContext.COMPLETE).word()).isEqualTo("pri");
    }

    @Test
    void knowsItsOwnWords() {
        assertThat(SqlLineParser.shellWord(" QUIT ; ")).isEqualTo("quit");
        assertThat(SqlLineParser.shellWord("SELECT 1;")).isNull();
    }

    @Test
    void proposesTablesColumnsKeywordsAndSettings() {
        assertThat(propose("SELECT * FROM bi")).containsExactly("bidders", "bids");
        assertThat(propose("SELECT bids_ FROM bids WHERE bids_p")).containsExactly("bids_price");
        assertThat(propose("sel")).contains("select");
        assertThat(propose("SEL")).contains("SELECT");
        assertThat(propose("SELECT co")).contains("coalesce");
        assertThat(propose("SET 'view")).contains("view.epoch");
    }
}
