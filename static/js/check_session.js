// The frame of OpenID Connect Session Management 1.0 §3.2. An app's page asks with
// "client_id session_state"; the answer is "unchanged", "changed" or "error".
//
// It is written for old engines and answers within the same event: no module, no promise, and a
// SHA-256 (FIPS 180-4) of its own, because the browser's is asynchronous.
(function () {
  "use strict";

  var COOKIE = "__Host-tessera-state=";
  var LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  // The first 32 bits of the fractional parts of the roots of the first primes: square roots for
  // the state to begin with (8), cube roots for the rounds (64).
  var START = [];
  var ROUND = [];
  for (var candidate = 2; ROUND.length < 64; candidate++) {
    var isPrime = true;
    for (var factor = 2; factor * factor <= candidate; factor++) {
      if (candidate % factor === 0) isPrime = false;
    }
    if (isPrime) {
      if (START.length < 8) START.push(fraction(Math.pow(candidate, 1 / 2)));
      ROUND.push(fraction(Math.pow(candidate, 1 / 3)));
    }
  }

  function fraction(number) {
    return ((number - Math.floor(number)) * 4294967296) | 0;
  }

  function turn(word, by) {
    return (word >>> by) | (word << (32 - by));
  }

  function block(state, words) {
    var w = words.slice(0);
    var t;
    for (t = 16; t < 64; t++) {
      var x = w[t - 15];
      var y = w[t - 2];
      var s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      var s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    var v = state.slice(0);
    for (t = 0; t < 64; t++) {
      var e = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25);
      var choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
      var one = (v[7] + e + choice + ROUND[t] + w[t]) | 0;
      var a = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22);
      var majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
      v = [(one + a + majority) | 0, v[0], v[1], v[2], (v[3] + one) | 0, v[4], v[5], v[6]];
    }
    for (t = 0; t < 8; t++) state[t] = (state[t] + v[t]) | 0;
  }

  // The SHA-256 of a text in base64url.
  function sha256(text) {
    var bytes = unescape(encodeURIComponent(text));
    var blocks = ((bytes.length + 8) >> 6) + 1;
    var words = [];
    var i;
    for (i = 0; i < blocks * 16; i++) words[i] = 0;
    for (i = 0; i < bytes.length; i++) words[i >> 2] |= bytes.charCodeAt(i) << (24 - (i % 4) * 8);
    words[i >> 2] |= 128 << (24 - (i % 4) * 8);
    words[blocks * 16 - 1] = bytes.length * 8;
    var state = START.slice(0);
    for (i = 0; i < blocks; i++) block(state, words.slice(i * 16, i * 16 + 16));
    var out = "";
    // 43 letters of 6 bits; the last one holds 4.
    for (i = 0; i < 43; i++) {
      var bits = 0;
      for (var bit = i * 6; bit < i * 6 + 6; bit++) {
        bits = bits * 2 + (bit < 256 ? (state[bit >> 5] >>> (31 - (bit % 32))) & 1 : 0);
      }
      out += LETTERS.charAt(bits);
    }
    return out;
  }

  // What the browser shows of its session now. Empty when it keeps its cookies from this frame.
  function browserState() {
    var cookies = document.cookie.split("; ");
    for (var i = 0; i < cookies.length; i++) {
      if (cookies[i].indexOf(COOKIE) === 0) return cookies[i].slice(COOKIE.length);
    }
    return "";
  }

  function answer(question, origin) {
    if (typeof question !== "string") return "error";
    var space = question.lastIndexOf(" ");
    var sessionState = question.slice(space + 1);
    var dot = sessionState.indexOf(".");
    var state = browserState();
    if (space < 1 || dot !== 43 || !state) return "error";
    var salt = sessionState.slice(dot + 1);
    try {
      var now = sha256([question.slice(0, space), origin, state, salt].join(" ")) + "." + salt;
      return now === sessionState ? "unchanged" : "changed";
    } catch (unpaired) {
      // Half a character is in no state of ours.
      return "error";
    }
  }

  window.addEventListener("message", function (event) {
    // A page without an origin can be no app's.
    if (!event.source || !event.origin || event.origin === "null") return;
    event.source.postMessage(answer(event.data, event.origin), event.origin);
  }, false);
})();
