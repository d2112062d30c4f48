/**
 * Proton-resonance-frequency thermometry: Δφ = 2π·γ̄·α·B0·TE·ΔT (Ishihara et al., Magn Reson Med 1995;34:814; Rieke and
 * Butts Pauly, J Magn Reson Imaging 2008;27:376). Temperatures in °C, phases in radians, times in seconds, fields in tesla.
 */

/** γ̄ of the proton, Hz/T. */
export const GYROMAGNETIC_RATIO = 42.5775e6;
/** α of water, 1/°C. Fat hardly shifts. */
export const PRF_COEFFICIENT = -0.01e-6;

/** 1: phase runs as exp(+iωt); −1 where the scanner or its export turns the other way. */
export type PhaseSign = 1 | -1;

export interface PrfScan {
  readonly fieldStrength: number;
  readonly echoTime: number;
  readonly phaseSign: PhaseSign;
}

/** Radians that one °C more adds to the phase: −0.0698 at 1.5 T and 17.4 ms. */
export function radiansPerDegree({ fieldStrength, echoTime, phaseSign }: PrfScan): number {
  return phaseSign * 2 * Math.PI * GYROMAGNETIC_RATIO * PRF_COEFFICIENT * fieldStrength * echoTime;
}

/**
 * Standard deviation of ΔT of a pixel, °C, between two images of that SNR (magnitude over the noise of the real part):
 * √2 / (SNR·2π·γ̄·|α|·B0·TE).
 */
export function temperatureNoise(snr: number, scan: PrfScan): number {
  return Math.SQRT2 / (snr * Math.abs(radiansPerDegree(scan)));
}
