package io.millrace.memory.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KillPointTest {
    /** Reaches a place three times and says so. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            for (int i = 1; i <= 3; i++) {
                KillPoint.reach("checkpoint.manifest.synced");
                KillPoint.reach("checkpoint.manifest.published");
                System.out.print(i);
            }
        }
    }

    private record Ended(int exitCode, String output) {}

    private static Ended run(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void endsTheProcessAtTheHitThatWasAskedFor() throws Exception {
        assertThat(run("-Dmillrace.kill=checkpoint.manifest.published:2")).isEqualTo(new Ended(137, "1"));
    }

    @Test
    void doesNothingUnasked() throws Exception {
        assertThat(run("-ea")).isEqualTo(new Ended(0, "123"));
        assertThat(run("-Dmillrace.kill=checkpoint.manifest.published:4")).isEqualTo(new Ended(0, "123"));
    }

    @Test
    void refusesANameThatIsNoPlace() throws Exception {
        assertThat(run("-Dmillrace.kill=checkpoint.manifest.publish:1").exitCode()).isEqualTo(1);
    }

    @Test
    void namesAreDifferent() {
        assertThat(KillPoint.NAMES).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z]+(\\.[a-z-]+)+"));
    }
}
