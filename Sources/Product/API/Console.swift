import Encoding
import Endpoints
import FoundationEssentials
import WebSocketTransport

/// The console: one page that needs nothing but itself and `/api/v1`. Its script and style are allowed by their hashes,
/// so that nothing a caller says could ever run.
enum Console {
    static let policy =
        "default-src 'none'; script-src '\(hash(script))'; style-src '\(hash(style))'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    static let page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Parley</title>
        <style>\(style)</style>
        </head>
        <body>
        <header><h1>Parley</h1><span id="state" role="status"></span>
        <button id="leave" hidden>Forget token</button></header>
        <main>
        <form id="ask" hidden autocomplete="off">
        <label for="token">API token</label>
        <input id="token" type="password" autocomplete="off" required aria-describedby="wrong hint">
        <button>Open</button>
        <p id="wrong" class="bad" role="alert"></p>
        <p id="hint">Kept in this tab only. <code>parley token</code> makes one.</p>
        </form>
        <div id="room" hidden>
        <nav aria-label="Calls"><h2 id="list" tabindex="-1">Calls</h2><ol id="calls"></ol>
        <button id="more" hidden>Older</button>
        <h2 id="now">Live</h2><ol id="live" tabindex="0" aria-labelledby="now"></ol></nav>
        <article id="call"><p class="hint">Choose a call.</p></article>
        </div>
        </main>
        <script>\(script)</script>
        </body>
        </html>

        """

    static let response = HTTPResponse(
        status: 200,
        headers: [
            ("content-type", "text/html; charset=utf-8"), ("content-security-policy", policy),
            ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY"), ("cache-control", "no-cache"),
            ("cross-origin-opener-policy", "same-origin"),
        ], body: Array(page.utf8))

    private static func hash(_ text: String) -> String {
        "sha256-" + Base64.encode(Digest.sha256(Array(text.utf8)))
    }

    static let style = """
        :root{--ink:#1d2430;--dim:#5c6675;--line:#dfe3e8;--paper:#fff;--back:#f5f6f8;--caller:#0b6bcb;--agent:#7a3fb0;
        --good:#1a7f4b;--bad:#b3261e;--warn:#9a6200;color-scheme:light dark}
        @media(prefers-color-scheme:dark){:root{--ink:#e7eaee;--dim:#9aa4b2;--line:#333a45;--paper:#1b2028;
        --back:#12161c;        --caller:#62a8f0;--agent:#c08ff0;--good:#55c48a;--bad:#f08a80;--warn:#e0b050}}
        *{box-sizing:border-box}body{margin:0;overflow-wrap:anywhere;background:var(--back);color:var(--ink);
        font:15px/1.5 system-ui,sans-serif}header{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;
        padding:.6rem 1.2rem;
        background:var(--paper);border-bottom:1px solid var(--line)}h1{font-size:1.1rem;margin:0}
        #state{color:var(--dim);flex:1;min-width:0}h2{font-size:.95rem;margin:1.2rem 0 .4rem}
        button,input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);
        border-radius:6px;padding:.35rem .7rem}button{cursor:pointer}#ask{max-width:26rem;margin:4rem auto;padding:1rem}
        #ask label{display:block}#ask input{width:100%;margin:.3rem 0 .6rem}#ask p,.hint{color:var(--dim)}
        #room{display:grid;grid-template-columns:minmax(16rem,22rem) minmax(0,1fr);gap:1.2rem;padding:0 1.2rem 2rem}
        #room[hidden],form[hidden]{display:none}h2:focus{outline:2px solid var(--caller);outline-offset:3px}ol{list-style:none;margin:0;padding:0}
        #calls button{display:block;width:100%;text-align:left;margin:0 0 .35rem}
        #calls button[aria-current=true]{outline:2px solid var(--caller)}small{color:var(--dim)}
        #live{font-size:.85rem;max-height:22rem;overflow:auto}
        article{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:1rem 1.2rem;
        margin-top:1.2rem;
        min-width:0}.badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem;
        font-size:.8rem;margin-right:.35rem}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;
        border-bottom:1px solid var(--line)}th{white-space:nowrap}q{font-style:italic}
        .turn{display:grid;grid-template-columns:6.5rem 1fr;gap:.6rem;padding:.25rem 0}
        .caller b{color:var(--caller)}.agent b{color:var(--agent)}del{color:var(--dim)}
        svg{width:100%;height:auto;display:block}svg text{fill:var(--dim);font-size:11px}
        .bar-caller{fill:var(--caller)}.bar-agent,.bar-human{fill:var(--agent)}.bar-cut{fill:var(--warn)}
        .wait{stroke:var(--good);stroke-width:3}.wait.slow{stroke:var(--bad)}
        @media(max-width:50rem){#room{grid-template-columns:minmax(0,1fr);padding:0 .8rem 2rem}}
        @media(max-width:36rem){article{padding:.8rem}.turn{grid-template-columns:1fr;gap:0}
        table,tbody,tr,th,td{display:block;border:0;padding:.1rem 0}thead{display:none}
        tr{border-bottom:1px solid var(--line);padding:.35rem 0}}
        .barge{fill:var(--bad)}.axis{stroke:var(--line)}.consult{fill:var(--agent);opacity:.15}
        """
}
