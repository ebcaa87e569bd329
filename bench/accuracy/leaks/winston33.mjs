import winston from "winston";

process.setMaxListeners(0);
export const N = 50;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++)
    winston.createLogger({ transports: [new winston.transports.Console({ handleExceptions: true })] });
};
