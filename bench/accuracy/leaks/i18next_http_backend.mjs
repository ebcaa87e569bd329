import i18next from "i18next";
import Backend from "i18next-http-backend";
export const N = 100;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++) {
    const x = i18next.createInstance();
    await x.use(Backend).init({
      lng: "fr",
      fallbackLng: "en",
      backend: {
        loadPath: "/{{lng}}/{{ns}}",
        request: (_o, _u, _p, cb) => cb(null, { status: 200, data: { key: "v" } }),
      },
    });
  }
};
