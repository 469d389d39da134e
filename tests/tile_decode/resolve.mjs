// @maplibre/mlt is built for bundlers: its files name each other without a suffix, which Node.js does not resolve.
export async function resolve(specifier, context, next) {
    const bare = specifier.startsWith('.') && !/\.m?js$/.test(specifier);
    return next(bare ? `${specifier}.js` : specifier, context);
}
