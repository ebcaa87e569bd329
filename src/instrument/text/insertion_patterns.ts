// Browser compatible.
// Made by `npm run build` (`scripts/derive_patterns.ts`) of the texts in `emit.ts` and `header.ts`: change those.
// `#t` stands for the name `$t$` with a file's suffix, `@` for the suffix, and `~` for where a printer may leave a gap.

/** A file's own name, without its suffix. */
export const name = "\\$[tsbdaiv]\\$";
/** The one name that an insertion may have alone. */
export const noSlot = "\\$tmz\\$";
/** What stands in no text that was printed anew: comments, and the brackets that they mark as ours. */
export const written = "var #t,~#b,~\\$[^\\n]*?\\);|;~(?:function #i[^\\n]*?#t~=~t;~#b~=~t\\.b;~return t\\}|var #v(?:[^\\n]*?#t~=~t;~#b~=~t\\.b;~return t\\}|~=~0~&&~\\(module\\.exports~=~\\{[^\\n]*?\\}\\);)|#t\\.z\\(#a\\);~function #i[^\\n]*?#t~=~t;~#b~=~t\\.b;~return t\\}|\\/\\*#b\\*\\/|\\$tmon\\$~&&~\\(#d~\\|\\|~\\(#d~=~\\$tms\\$(?:@)?\\[0\\],~\\$tms\\$(?:@)?\\[0\\]~=~#d~\\+~1(?:,~0)?\\),~\\$tms\\$(?:@)?\\[#d\\]~=~#b~\\+~\\d+(?:,~0)?\\);|\\$tms\\$(?:@)?\\[(?:#d|#a\\.d)\\]~=~#b~\\+~\\d+;)|\\/\\*(?:#d\\*\\/(?:(?:void~\\(\\$tms\\$(?:@)?\\[0\\]~=~#d|#t\\.u\\((?:void 0|undefined),~#a,~\\d+)\\))?|(?:#t|#s)\\*\\/(?:\\)|\\})|#i\\*\\/\\},~\"(?:[^\"\\\\]|\\\\.)*\")|(?:\\(|\\{)\\/\\*#t\\*\\/|\\{(?:\"(?:[^\"\\\\]|\\\\.)*\":\\/\\*#i|\\[\"__proto__\"\\]:\\/\\*#i|\\/\\*#s)\\*\\/|\\((?:\\$tmon\\$~&&~\\(#d~\\|\\|~\\(#d~=~\\$tms\\$(?:@)?\\[0\\],~\\$tms\\$(?:@)?\\[0\\]~=~#d~\\+~1(?:,~0)?\\),~\\$tms\\$(?:@)?\\[#d\\]~=~#b~\\+~\\d+(?:,~0)?\\)|\\$tms\\$(?:@)?\\[(?:#d|#a\\.d)\\]~=~#b~\\+~\\d+|(?:#t|\\(#t~\\|\\|~#i\\(\\)\\))\\.i\\(0,~#t\\)),~|return\\/\\*#s\\*\\/ ";
/** What a printer makes of these. */
export const printed = "\\$tmon\\$~&&~\\(#d~\\|\\|~\\(#d~=~\\$tms\\$(?:@)?\\[0\\],~\\$tms\\$(?:@)?\\[0\\]~=~#d~\\+~1(?:,~0)?\\),~\\$tms\\$(?:@)?\\[#d\\]~=~#b~\\+~\\d+(?:,~0)?\\)(?:,~|;)|\\$tms\\$(?:@)?\\[(?:#d|#a\\.d)\\]~=~#b~\\+~\\d+(?:,~|;)|(?:#t|\\(#t~\\|\\|~#i\\(\\)\\))\\.i\\(0,~#t\\),~| (?:void~\\(\\$tms\\$(?:@)?\\[0\\]~=~#d|#t\\.u\\((?:void 0|undefined),~#a,~\\d+)\\)";
/** Statements. */
export const whole = "(?:#t|\\(#t~\\|\\|~#i\\(\\)\\))\\.q\\(\\d+,~[^,()]+,~(?:#d|#a\\.d|\\$tmz\\$(?:@)?)\\);|var #v~=~(?:void (?:#t|\\(#t~\\|\\|~#i\\(\\)\\))\\.q\\(\\d+,~[^,()]+,~(?:#d|#a\\.d|\\$tmz\\$(?:@)?)|void~\\(\\$tms\\$(?:@)?\\[0\\]~=~#d~\\+~1)\\);|let #d~=~0;~try~\\{|#t(?:~\\|\\|~#i\\(\\);~let #d~=~0;~try~\\{|\\.(?:w\\(0,~#a,~\\d+\\);~try~\\{|k\\(#a\\);))|\\}~finally~\\{~(?:#t\\.(?:u\\(0,~#a,~\\d+|z\\(#a)\\)|if~\\(#d\\)~\\$tms\\$(?:@)?\\[0\\]~=~#d);?~\\}|const #a~=~(?:#t|\\(#t~\\|\\|~#i\\(\\)\\))\\.[agh]\\(\\d+\\);~try~\\{|if~\\(#d\\)~\\$tms\\$(?:@)?\\[0\\]~=~#d~\\+~1;|\\$tms\\$(?:@)?\\[0\\]~=~#d~\\+~1;";
/** What opens a bracket that another text closes. */
export const opening = "(?:#t|\\(#t~\\|\\|~#i\\(\\)\\))\\.(?:[ocnl]\\(\\d+,~|[im]\\(|r\\(new\\.target,~)|#t\\.[puyw]\\(";
/** What closes it. */
export const closing = ",~(?:(?:#d|#a\\.d|\\$tmz\\$(?:@)?|#t|#a)|\\$tmon\\$~&&~\\(#d~\\|\\|~\\(#d~=~\\$tms\\$(?:@)?\\[0\\],~\\$tms\\$(?:@)?\\[0\\]~=~#d~\\+~1(?:,~0)?\\),~\\$tms\\$(?:@)?\\[#d\\]~=~#b~\\+~\\d+(?:,~0)?\\)|\\$tms\\$(?:@)?\\[(?:(?:#d|#a\\.d)\\]~=~#b~\\+~\\d+|0\\]~=~#d)|#t,~[^\\s(),]+|this,~#t|(?:void 0|undefined),~#t|#a,~\\d+)\\)";
/** As `opening` and `closing`, printed anew, around a function that its place names. */
export const namedOpening = "(?:#t|\\(#t~\\|\\|~#i\\(\\)\\))\\.c\\(\\d+,~\\{~(?:[\\w$]+|(?:'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`)|\\[(?:'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`)\\]):~";
export const namedClosing = ",?~\\},~(?:'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`),~(?:#d|#a\\.d|\\$tmz\\$(?:@)?)\\)";
