/**
 * Which kernel shows the bug of which file.
 *
 * @module
 */
import type { MatrixCell } from "../campaign_data.ts";

/** What a cell says, in a word. */
const WORDS: Readonly<Record<string, string>> = {
  bug: "bug",
  other: "other bug",
  clean: "–",
  unreached: "not reached",
  absent: "absent",
};

export function Matrix({ cells }: { cells: readonly MatrixCell[] }) {
  if (cells.length === 0) return null;
  const kernels = [...new Set(cells.map(({ kernel }) => kernel))];
  const files = [...new Set(cells.map(({ file }) => file))];
  const at = (file: string, kernel: string) =>
    cells.find((c) => c.file === file && c.kernel === kernel);
  return (
    <section>
      <h2>Matrix</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Matrix">
        <table class="list matrix">
          <caption>What each kernel shows of each file</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              {kernels.map((kernel) => <th key={kernel} scope="col">{kernel}</th>)}
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file}>
                <th scope="row">{file}</th>
                {kernels.map((kernel) => {
                  const cell = at(file, kernel);
                  const isWrong = cell?.ok === false;
                  return (
                    <td key={kernel} class={isWrong ? "bad" : ""} title={cell?.title ?? ""}>
                      {cell === undefined ? "" : WORDS[cell.result] ?? cell.result}
                      {isWrong ? " (unexpected)" : ""}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
