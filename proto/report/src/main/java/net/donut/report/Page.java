package net.donut.report;

/// The frame of a report: one file with its style inline, for a desk and a phone, light and dark.
public final class Page {
  private static final String STYLE =
      """
      :root{--bg:#fbfaf8;--fg:#1d1f24;--dim:#6a6f7a;--card:#fff;--line:#e3e0da;--bad:#c62828;--good:#1f7a4d;
        --ours:#b45f06;--transit:#5b6b8c;--peer:#1f7a4d;--customer:#7a3ea1;--others:#8a8f99;
        --s0:#b45f06;--s1:#2f6db3;--s2:#1f7a4d;--s3:#7a3ea1;--s4:#b0304f;--s5:#5b6b8c}
      @media(prefers-color-scheme:dark){:root{--bg:#15171b;--fg:#e8e6e1;--dim:#9aa0ab;--card:#1e2127;--line:#33373f;
        --bad:#ff6b6b;--good:#5cc48f;--ours:#f0a24a;--transit:#93a7d1;--peer:#5cc48f;--customer:#c08ae0;--others:#8d93a0;
        --s0:#f0a24a;--s1:#7fb4f0;--s2:#5cc48f;--s3:#c08ae0;--s4:#f28ba3;--s5:#93a7d1}}
      *{box-sizing:border-box}
      body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
      main{max-width:1080px;margin:0 auto;padding:20px 16px 60px}
      h1{font-size:1.7rem;line-height:1.25;margin:.2em 0}h2{font-size:1.2rem;margin:2em 0 .6em}h3{font-size:1rem;margin:1.4em 0 .4em}
      p{margin:.4em 0}.dim{color:var(--dim)}.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
      .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:16px 0}
      .tile,.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 14px}
      .card{margin:12px 0}
      .tile b{display:block;font-size:1.5rem;line-height:1.2}.tile span{color:var(--dim);font-size:.85rem}
      .key b{font-size:1.8rem}.key s{text-decoration:none;color:var(--dim);font-weight:400}
      .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:12px;background:var(--card);margin:8px 0}
      table{border-collapse:collapse;width:100%;font-size:.88rem}
      th,td{padding:6px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
      th{color:var(--dim);font-weight:600;white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      td{white-space:nowrap}td.w{white-space:normal;min-width:240px}tbody tr:last-child td{border-bottom:0}
      .chart{display:block;width:100%;max-width:860px;height:auto}.phone{display:none}
      .lab{width:100%;height:auto}
      .chart text{fill:var(--fg);font-size:13px}.chart .t{fill:var(--dim);font-size:12px}
      .chart .grid{stroke:var(--line);stroke-width:1}.chart .axis{stroke:var(--dim);stroke-width:1}
      .chart .curve{fill:none;stroke-width:2.2;stroke-linejoin:round}
      pre{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:10px 14px;font-size:.82rem;line-height:1.4}
      details{margin:8px 0}summary{cursor:pointer;color:var(--dim)}
      .best::after,.worst::after{font-size:.72rem;font-weight:600;margin-left:6px;padding:1px 6px;border-radius:8px;vertical-align:1px}
      .best{color:var(--good);font-weight:600}.best::after{content:"best";background:color-mix(in srgb,var(--good) 14%,transparent)}
      .worst{color:var(--bad);font-weight:600}.worst::after{content:"worst";background:color-mix(in srgb,var(--bad) 14%,transparent)}
      @media(max-width:640px){
        main{padding:14px 12px 40px}h1{font-size:1.35rem}.tile b{font-size:1.25rem}.card{padding:10px}
        .tiles{grid-template-columns:repeat(auto-fit,minmax(104px,1fr));gap:8px}.tile{padding:9px 10px}
        .key{grid-template-columns:minmax(0,1fr)}.key .tile{display:grid;grid-template-columns:auto minmax(0,1fr);gap:4px 12px;align-items:center}.key b{font-size:1.25rem}
        .desk{display:none}.phone{display:block}
        table,tbody{display:block}thead{display:none}td.w{min-width:0}
        tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:4px 12px;padding:8px 12px;border-bottom:1px solid var(--line)}
        tbody tr:last-child{border-bottom:0}
        td,td.n{padding:0;border:0;text-align:left;white-space:normal;overflow-wrap:anywhere}
        td:first-child,td.w{grid-column:1/-1}td:first-child{font-weight:600}
        td::before{display:block;color:var(--dim);font-size:.75rem;font-weight:400}
      }
      """;

  private Page() {}

  /// A whole document. `body` is HTML already; it begins with its own heading.
  public static String of(String title, String body) {
    return of(title, "", body);
  }

  /// A whole document with a style of its own behind that of all pages.
  public static String of(String title, String style, String body) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        + Html.escape(title)
        + "</title>\n<style>\n"
        + STYLE
        + style
        + "</style></head><body><main>\n"
        + body
        + "</main></body></html>\n";
  }
}
